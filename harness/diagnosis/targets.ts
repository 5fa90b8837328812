/** Where programs of containers wait for the connections that published ports lead to them. Pure. */
import {cardsOf} from './read-cards.ts';
import type {ServiceView} from './read-engine.ts';
import {settledSections} from './settled.ts';
import type {NodeView, View} from './view.ts';

/** A container of a task, and a port of its own to which a published port leads. */
export interface Target {
	node: NodeView;
	service: ServiceView;
	/** `tcp 80`. */
	port: string;
	file: string;
	/** Where programs of the container wait for it: addresses, or none. */
	listeners: string[];
}

/** Seconds that a program gets from its start until it must wait for connections. */
const openSeconds = 10;

/** Every target of the containers whose sockets were read, which have run for a while, and whose tasks run. */
export function targetsIn({nodes, tasksAfter = [], services = []}: View): Target[] {
	const running = tasksAfter.filter(({state, desired}) => state === 'running' && desired === 'running');
	return nodes.flatMap(node =>
		settledSections(node, 'container-network', openSeconds).flatMap(section => {
			const own = new Set(cardsOf([section]).keys());
			const task = running.find(({addresses}) => [...addresses.values()].some(each => own.has(each)));
			const service = services.find(({id}) => id === task?.service);
			return service && section.text.includes('\nNetid ')
				? service.targets.map(port => ({
						node,
						service,
						port,
						file: section.file,
						listeners: listenersOf(section.text, port),
					}))
				: [];
		}),
	);
}

/** Rows such as `tcp   LISTEN   0   0 0.0.0.0:80 …`, or `udp   UNCONN …`: see evidence/sockets.ts. */
function listenersOf(text: string, port: string): string[] {
	const [protocol, number] = port.split(' ');
	const rows = text.matchAll(
		new RegExp(String.raw`^${protocol}6?\s+(?:LISTEN|UNCONN)\s+\d+\s+\d+\s+(\S+):${number}\s`, 'gm'),
	);
	return [...rows].map(([, address]) => address!);
}

export const isLoopback = (address: string) =>
	address.startsWith('127.') || address === '[0000:0000:0000:0000:0000:0000:0000:0001]';
