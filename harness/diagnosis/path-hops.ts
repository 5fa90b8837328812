/** What the evidence shows of each place on a packet's way. A place of which it shows nothing is `unknown`. Pure. */
import type {PathHop} from '../model/index.ts';
import type {Direction} from './directions.ts';
import {droppingRules} from './dropping-rules.ts';
import {cardsOf} from './read-cards.ts';
import type {NetworkView} from './read-engine.ts';
import type {Ping} from './read-path.ts';
import type {Seen} from './signature.ts';
import type {NodeView} from './view.ts';

/** The way that is looked at. */
export interface Way {
	from: NodeView;
	/** Undefined if no node has the address. */
	to: NodeView | undefined;
	network: NetworkView;
	/** Address of the task. */
	address: string;
	direction: Direction | undefined;
	/** Echo requests from node to node on this network. */
	pings: Ping[];
}

type Hop = (seen: Seen, way: Way) => PathHop;

const nowhere = 'no node has this address, so no packet gets here';

/** Containers on the node that are on the network, without the balancer's own endpoint. */
export const clientHop: Hop = (_, {from, network}) => {
	const mine = from.networks.find(({id}) => id === network.id);
	const cards = cardsOf(from.sections('container-network'));
	const clients = [...(mine?.endpoints ?? [])].filter(([, {name}]) => !/-endpoint$|^(lb-|gateway_)/.test(name));
	const counted = clients.flatMap(([address, {name}]) => {
		const card = cards.get(address);
		return card
			? [{sent: card.sent, says: `${brief(name)} ${address}: sent ${card.sent}, received ${card.received}`}]
			: [];
	});
	return {
		...{at: 'client', node: from.name},
		state: counted.some(({sent}) => sent > 0) ? 'passes' : 'unknown',
		says: counted.length > 0 ? counted.slice(0, 3).map(({says}) => says) : [`no counters of a client on ${from.name}`],
	};
};

export const balancerHop: Hop = ({differences}, {from, network, address}) => {
	const hop = {at: 'balancer' as const, node: from.name};
	const file = network.ingress ? 'ingress_sbox' : `lb_${network.id.slice(0, 9)}`;
	const balancer = from.balancers.find(({namespace}) => namespace === file);
	if (!balancer?.isThere) {
		const why = from.lacks('ip_vs') ? 'the kernel has no IPVS' : 'no IPVS table was read';
		return {...hop, state: 'unknown', says: [why]};
	}

	const mine = differences.find(
		each => each.node === from.name && each.address === address && /backend/.test(each.kind),
	);
	const row = balancer.backends.find(each => each.address === address);
	const rows = `${balancer.backends.length} ${balancer.backends.length === 1 ? 'row' : 'rows'} in ${file}`;
	const forwards = balancer.settings.get('net/ipv4/ip_forward')?.value;
	if (mine || forwards === '0') {
		const why =
			forwards === '0'
				? 'ip_forward is 0'
				: mine!.kind === 'stale-backend'
					? `${address} is no task`
					: row
						? 'it sends nothing to a row of weight 0'
						: 'it has no row';
		return {...hop, state: 'stops', says: [why, ...(row ? [describe(row)] : []), rows]};
	}

	return row
		? {...hop, state: 'passes', says: [describe(row), rows]}
		: {...hop, state: 'unknown', says: [`no row for ${address}`, rows]};
};

function describe({address, weight, connections}: {address: string; weight: number; connections?: number}): string {
	return `row ${address}, weight ${weight}${connections === undefined ? '' : `, ${connections} connections`}`;
}

export const senderHop: Hop = ({differences}, {from, to, network, address}) => {
	const hop = {at: 'sender' as const, node: from.name};
	if (!to) {
		return {...hop, state: 'unknown', says: [nowhere]};
	}

	const overlay = from.overlays.find(({id}) => network.id.startsWith(id));
	if (!overlay) {
		return {...hop, state: 'unknown', says: ['its overlay was not read']};
	}

	const missing = differences.find(
		each => each.node === from.name && each.address === address && /neighbour|forward/.test(each.kind),
	);
	const row = overlay.neighbours.get(address);
	const forward = row && overlay.forwards.get(row.hardware);
	const rows = forward ? [`${address} is ${row.hardware}, at ${forward.to}`] : [];
	const moved = movedBy(from, network);
	const counted = moved
		? [`vxlan0 sent ${moved.sent}${moved.dropped > 0 ? `, dropped ${moved.dropped}` : ''}`]
		: ['vxlan0 was not counted twice'];
	const rules = droppingRules(from, overlay.device?.port ?? 4789).filter(({text}) => /OUTPUT|POSTROUTING/.test(text));
	if (missing || rules.length > 0) {
		const why = missing ? missing.says.replace(`${from.name} has `, '') : `a rule drops: ${rules[0]!.text}`;
		return {...hop, state: 'stops', says: [why, ...rows, ...counted]};
	}

	if (overlay.device && !overlay.device.up) {
		return {...hop, state: 'stops', says: ['vxlan0 is down', ...rows]};
	}

	// Counters are of all nodes together: that it sent something shows that it sends.
	return {...hop, state: forward && moved && moved.sent > 0 ? 'passes' : 'unknown', says: [...rows, ...counted]};
};

export const wireHop: Hop = (seen, way) => {
	const {from, to, direction, pings} = way;
	const hop = {at: 'wire' as const, node: ''};
	if (!to || !direction || pings.length === 0) {
		return {
			...hop,
			state: 'unknown',
			says: [to ? `nothing was sent from ${from.name} to ${to.name} on this network to try it` : nowhere],
		};
	}

	const [small, large] = [pings.filter(each => !each.large), pings.filter(each => each.large)].map(answered);
	const says = [`${small} echo requests were answered`, `of those that fill the MTU, ${large}`] as const;
	if (!direction.silent && !direction.smallOnly) {
		const refused = pings.some(each => each.refused) ? ['a connection was refused, so packets come back'] : [];
		return {...hop, state: 'passes', says: [...says, ...refused]};
	}

	if (direction.smallOnly) {
		return {...hop, state: 'stops', says: [`small packets pass, those that fill the MTU do not`, ...says]};
	}

	// The node itself is to blame if it drops, has no row, or sends nothing.
	const isSent = senderHop(seen, {...way, address: pings[0]!.address}).state === 'passes';
	const isDropped = receiverHop(seen, way).state === 'stops';
	return {...hop, state: isSent && !isDropped ? 'stops' : 'unknown', says: [`nothing comes back: ${says.join(', ')}`]};
};

export const receiverHop: Hop = ({view}, {to, network}) => {
	const hop = {at: 'receiver' as const, node: to?.name ?? ''};
	if (!to) {
		return {...hop, state: 'unknown', says: [nowhere]};
	}

	const overlay = to.overlays.find(({id}) => network.id.startsWith(id));
	const moved = movedBy(to, network);
	const udp = to.rise('UdpInDatagrams');
	const says = [
		...(moved ? [`vxlan0 received ${moved.received}, from all nodes`] : ['vxlan0 was not counted twice']),
		...(udp === undefined ? [] : [`${udp} datagrams of UDP reached the node`]),
	];
	const rules = droppingRules(to, overlay?.device?.port ?? 4789).filter(
		({text}) => !/OUTPUT|POSTROUTING|length/.test(text),
	);
	if (rules.length > 0) {
		return {...hop, state: 'stops', says: [`a rule drops: ${rules[0]!.text}`, ...says]};
	}

	const answers = view.nodes
		.filter(node => node.pings.some(each => isOn(network, each) && each.peer === to.address && each.received > 0))
		.map(({name}) => name);
	return answers.length > 0
		? {...hop, state: 'passes', says: [`${to.name} answers ${answers.join(', ')}`, ...says]}
		: {...hop, state: 'unknown', says};
};

export const taskHop: Hop = ({view}, {to, network, address}) => {
	const hop = {at: 'task' as const, node: to?.name ?? ''};
	if (!to) {
		return {...hop, state: 'unknown', says: [nowhere]};
	}

	const name = to.networks.find(({id}) => id === network.id)?.endpoints.get(address)?.name;
	const card = cardsOf(to.sections('container-network')).get(address);
	const says = [
		...(name ? [`${brief(name)} ${address}`] : [`${address} is no endpoint that ${to.name} reports`]),
		...(card ? [`received ${card.received}, sent ${card.sent}`] : ['no counters of it']),
		...(card && card.badTcp > 0 ? [`${card.badTcp} TCP segments with a wrong checksum`] : []),
	];
	const others = view.nodes.flatMap(node => node.pings).filter(each => each.address === address && each.received > 0);
	const state = card && card.badTcp > 0 ? 'stops' : others.length > 0 ? 'passes' : 'unknown';
	return {...hop, state, says: others.length > 0 ? [...says, 'it answers echo requests'] : says};
};

/** Packets of a network's vxlan device while the nodes sent packets to each other. */
function movedBy(node: NodeView, {id}: NetworkView): {sent: number; received: number; dropped: number} | undefined {
	const [first, last] = [node.overlays, node.overlaysAfter].map(
		all => all.find(each => id.startsWith(each.id))?.device,
	);
	return first && last
		? {
				sent: last.sent - first.sent,
				received: last.received - first.received,
				dropped: last.sendDropped - first.sendDropped,
			}
		: undefined;
}

/** Whether echo requests were sent on a network. */
export function isOn({id}: NetworkView, {network}: Ping): boolean {
	return id.startsWith(network);
}

function answered(pings: readonly Ping[]): string {
	const sum = (key: 'sent' | 'received') => pings.reduce((all, each) => all + each[key], 0);
	return `${sum('received')} of ${sum('sent')}`;
}

/** `web.2.k1p0…` is long: the id of a task says nothing here. */
function brief(name: string): string {
	return name.replaceAll(/\.[a-z0-9]{20,}/g, '');
}
