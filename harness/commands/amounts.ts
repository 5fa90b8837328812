/** Formats sizes and times for a table. Pure. */

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
