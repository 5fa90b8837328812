/** The two places of `swarmlab cp`. Pure. */
import {UsageError} from '../errors.ts';

/** A path on a machine, or on this host. */
export interface Place {
	/** Absent: this host. */
	node?: string;
	path: string;
}

/** Returns source and target. Throws UsageError if neither is on a machine, or if one has no path. */
export function placesOf(from: string, to: string): [Place, Place] {
	const both: [Place, Place] = [placeOf(from), placeOf(to)];
	if (both.every(({node}) => node === undefined)) {
		throw new UsageError(`Neither ${from} nor ${to} is on a machine.`, {
			remedy: 'A place on a machine is NODE:PATH: swarmlab cp m1:/etc/hostname .',
		});
	}

	return both;
}

/** A name with a slash before its colon is a file of this host, as for scp. */
function placeOf(text: string): Place {
	const [, node, path] = /^([^/:]+):([\s\S]*)$/.exec(text) ?? [];
	const place = node === undefined ? {path: text} : {node, path: path ?? ''};
	if (place.path.trim() === '') {
		throw new UsageError(`'${text}' has no path.`, {
			remedy: 'A place on a machine is NODE:PATH, m1:/root/ for example.',
		});
	}

	return place;
}
