/** Formats sizes and times for a table, and reads typed numbers. Pure. */
import {UsageError} from '../errors.ts';

/** Reads a number of 0 or more. Throws UsageError that names the option. */
export function asNumber(text: string, option: string): number {
	if (!/^\d+(\.\d+)?$/.test(text)) {
		throw new UsageError(`${option} takes a number, and '${text}' is none`, {
			remedy: `Give a number: ${option} 10`,
		});
	}

	return Number(text);
}

export function inBytes(size: number): string {
	return size < 2 ** 30 ? `${Math.ceil(size / 2 ** 20)} MiB` : `${(size / 2 ** 30).toFixed(1)} GiB`;
}

/** Returns a text such as `3 hours ago`; `time` is in milliseconds since the epoch. */
export function ago(time: number, now = Date.now()): string {
	const minutes = Math.max(0, (now - time) / 60_000);
	const [amount, unit] =
		minutes < 60 ? [minutes, 'minute'] : minutes < 48 * 60 ? [minutes / 60, 'hour'] : [minutes / 60 / 24, 'day'];
	const whole = Math.floor(amount);
	return `${whole} ${unit}${whole === 1 ? '' : 's'} ago`;
}
