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
