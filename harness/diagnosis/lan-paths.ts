/** From node to node on the LAN, outside of overlays: what came back. Pure. */
import type {Path} from './culprits.ts';
import type {LanView} from './read-path.ts';
import type {View} from './view.ts';

export interface LanPath extends Path, Pick<LanView, 'echo' | 'ports'> {}

/** Returns each path on the LAN that was tried, between nodes that could be read. */
export function lanPathsOf({nodes}: View): LanPath[] {
	const read = nodes.filter(({trouble}) => trouble === undefined);
	return read.flatMap(from =>
		from.lan.flatMap(({peer, echo, ports}) => {
			const to = read.find(({address}) => address === peer);
			return to && to !== from ? [{from, to, echo, ports}] : [];
		}),
	);
}

/** Packets were sent, and nothing came back: no echo, and no answer to any connection. */
export function isCut({echo, ports}: LanPath): boolean {
	return (
		echo !== undefined && echo.received === 0 && [...ports.values()].every(({said}) => /no answer|No route/.test(said))
	);
}

/** No echo request was answered, and a connection was: the other node answers none, and nothing is lost. */
export function refusesEchoes({echo, ports}: LanPath): boolean {
	return echo?.received === 0 && [...ports.values()].some(({said}) => /^open$|refused/.test(said));
}

/** Connections to a port got no answer of any kind, though the other node answers others, or echo requests. */
export function isBlocked(path: LanPath, port: number): boolean {
	return ((path.echo?.received ?? 0) > 0 || refusesEchoes(path)) && path.ports.get(port)?.said === 'no answer';
}

/** An echo request every so many milliseconds, on a node that gets its turns. */
const busyMs = 15;
const heldUpLimitMs = 60;

/** An answer took much longer than the quickest: the ends of a path or their host are busy. */
function isHeldUp({echo}: LanPath): boolean {
	const {leastMs = 0, mostMs = 0} = echo ?? {};
	return mostMs - leastMs > heldUpLimitMs;
}

/** The same, or ping did not get its turns. */
export function isBusy(path: LanPath): boolean {
	const {echo} = path;
	return isHeldUp(path) || (echo !== undefined && echo.tookMs / echo.sent > busyMs);
}

/**
 * Returns the paths on which connections to a port got no answer. Where an answer was held up, one connection may be late by itself: it
 * counts beside another one from or to the same node. Seen on a host with ten times more load than CPUs: 1 of 8 after 4 s.
 */
export function blockedPaths(paths: readonly LanPath[], port: number): LanPath[] {
	const silent = paths.filter(path => isBlocked(path, port));
	const isBeside = (one: LanPath, other: LanPath) =>
		one !== other && [other.from, other.to].some(node => node === one.from || node === one.to);
	return silent.filter(path => !isHeldUp(path) || silent.some(other => isBeside(path, other)));
}
