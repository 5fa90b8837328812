/**
 * Whether what the managers report is what every node has: tasks, IPVS rows, forwarding rows, neighbours, names, gossip's peers,
 * and keys of encrypted overlays. A difference counts only if both readings have it, so what is just changing does not. Pure.
 */
import type {Disagreement} from '../model/index.ts';
import {ofNames} from './names.ts';
import {networksOf, ofKeys, ofPeers} from './peers.ts';
import type {BalancerView} from './read-balancer.ts';
import type {NetworkView, TaskView} from './read-engine.ts';
import type {OverlayView} from './read-overlay.ts';
import {aliveOn, runningOn} from './tasks.ts';
import {lineOf, type NodeView, type View} from './view.ts';

export interface Difference extends Disagreement {
	kind:
		| 'stale-backend'
		| 'missing-backend'
		| 'no-balancer'
		| 'no-neighbour'
		| 'wrong-neighbour'
		| 'no-forward'
		| 'learned-forward'
		| 'wrong-forward'
		| 'name'
		| 'peers'
		| 'keys';
	/** The address on the overlay. */
	address?: string;
	/** Address of the node behind it. */
	peer?: string;
}

/** Returns every difference, node by node. */
export function differences(view: View): Difference[] {
	return [
		...view.nodes.flatMap(node => [...ofBalancers(view, node), ...ofOverlays(view, node), ...ofNames(view, node)]),
		...ofPeers(view),
		...ofKeys(view),
	];
}

function ofBalancers(view: View, node: NodeView): Difference[] {
	if (!view.tasks || !view.tasksAfter || !view.services) {
		return [];
	}

	return networksOf(view).flatMap(({id, ingress, name}) => {
		const file = ingress ? 'ingress_sbox' : `lb_${id.slice(0, 9)}`;
		const [first, last] = [node.balancers, node.balancersAfter].map(list => list.find(each => each.namespace === file));
		if (!first || !last) {
			return [];
		}

		const alive = aliveOn(view, id);
		const virtual = new Set(view.services!.filter(service => service.virtual.has(id)).map(service => service.id));
		const wanted = runningOn(view, id).filter(({service}) => virtual.has(service));
		if (wanted.length > 0 && !first.isThere && !last.isThere) {
			return node.lacks('ip_vs')
				? []
				: [
						{
							kind: 'no-balancer' as const,
							node: node.name,
							says: `${node.name} has no IPVS table for network ${name}, which has ${wanted.length} running tasks`,
							lines: [lineOf(node, first.file, `=== ${file}: no IPVS table`)],
						},
					];
		}

		const peers = new Map(view.members?.map(member => [member.id, member.address]));
		return [...staleOf(node, first, last, alive, name), ...missingOf(node, first, last, wanted, peers, {id, name})];
	});
}

function staleOf(
	node: NodeView,
	first: BalancerView,
	last: BalancerView,
	alive: Set<string>,
	network: string,
): Difference[] {
	const stale = first.backends.filter(
		({address, weight}) =>
			weight > 0 && !alive.has(address) && last.backends.some(each => each.address === address && each.weight > 0),
	);
	// Each service of the balancer may have the row.
	return [...Map.groupBy(stale, ({address}) => address)].map(([address, rows]) => ({
		kind: 'stale-backend' as const,
		node: node.name,
		address,
		says: `${node.name} balances to ${address} on network ${network}, which is no task's address`,
		lines: rows.map(({line}) => line),
	}));
}

function missingOf(
	node: NodeView,
	first: BalancerView,
	last: BalancerView,
	wanted: TaskView[],
	peers: ReadonlyMap<string, string>,
	{id, name}: Pick<NetworkView, 'id' | 'name'>,
): Difference[] {
	return wanted.flatMap(task => {
		const address = task.addresses.get(id)!;
		const peer = peers.get(task.node);
		const has = [first, last].some(({backends}) => backends.some(each => each.address === address && each.weight > 0));
		return has
			? []
			: {
					kind: 'missing-backend' as const,
					node: node.name,
					address,
					...(peer !== undefined && {peer}),
					says: first.backends.some(each => each.address === address)
						? `${node.name} has ${address} on network ${name} with weight 0, so this task gets no connection`
						: `${node.name} does not balance to ${address} on network ${name}, where a task runs`,
					lines: [lineOf(node, first.file, `=== ${first.namespace}: ${addressesOf(first)}`)],
				};
	});
}

function addressesOf({backends}: BalancerView): string {
	return backends.length === 0
		? 'no backend'
		: backends.map(({address, weight}) => `${address} (weight ${weight})`).join(', ');
}

function ofOverlays(view: View, node: NodeView): Difference[] {
	const addressOf = new Map(view.members?.map(({id, address}) => [id, address]));
	return networksOf(view).flatMap(({id, name}) => {
		const [first, last] = [node.overlays, node.overlaysAfter].map(list =>
			list.find(each => each.id === id.slice(0, 10)),
		);
		// A network without any row is being made or removed; `peers` tells of a node that knows of nobody.
		if (!first || !last) {
			return [];
		}

		return runningOn(view, id).flatMap(task => {
			const [address, peer] = [task.addresses.get(id)!, addressOf.get(task.node)];
			if (!peer || peer === node.address) {
				return [];
			}

			const [before, after] = [first, last].map(each => rowOf(each, address, peer, hardwareOf(view, id, address)));
			if (!before || before.kind !== after?.kind) {
				return [];
			}

			const {kind, lines, what} = before;
			const says = `${node.name} has ${what} for ${address} on network ${name}, a task on ${peer}`;
			return [{kind, node: node.name, address, peer, says, lines}];
		});
	});
}

/** What is wrong with the rows of an address; undefined if nothing is. */
function rowOf(
	overlay: OverlayView,
	address: string,
	peer: string,
	hardware: string | undefined,
): (Pick<Difference, 'kind' | 'lines'> & {what: string}) | undefined {
	const {node, file, namespace, neighbours, forwards} = overlay;
	const neighbour = neighbours.get(address);
	if (!neighbour) {
		const has = [...neighbours.keys()].join(', ') || 'none';
		return {
			kind: 'no-neighbour',
			what: 'no neighbour row',
			lines: [lineOf(node, file, `=== ${namespace}: neighbours ${has}`)],
		};
	}

	if (hardware && hardware !== neighbour.hardware) {
		return {
			kind: 'wrong-neighbour',
			what: `a neighbour row with another address than ${hardware}`,
			lines: [neighbour.line],
		};
	}

	const forward = forwards.get(neighbour.hardware);
	if (!forward) {
		const missing = lineOf(node, file, `=== ${namespace}: no forwarding row of ${neighbour.hardware}`);
		return {kind: 'no-forward', what: 'no forwarding row', lines: [neighbour.line, missing]};
	}

	if (forward.to === peer && !forward.permanent) {
		return {
			kind: 'learned-forward',
			what: 'only a forwarding row that the kernel has learned',
			lines: [neighbour.line, forward.line],
		};
	}

	return forward.to === peer
		? undefined
		: {kind: 'wrong-forward', what: `a forwarding row to ${forward.to}`, lines: [neighbour.line, forward.line]};
}

/** Returns the hardware address of an endpoint, as its own node has it. */
function hardwareOf({nodes}: View, network: string, address: string): string | undefined {
	return nodes
		.flatMap(node => node.networks.filter(({id}) => id === network))
		.map(({endpoints}) => endpoints.get(address)?.hardware)
		.find(Boolean);
}
