/** Causes in a node as a whole: too little CPU time, a machine or an engine that is gone, clocks and addresses. */
import {ownLoss} from '../own-network.ts';
import {either} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {lineOf, type NodeView, type View} from '../view.ts';

/** Trouble that only says that a node was slow. */
const late = /too long|time for this machine was over|took longer than|time was up|no answer in/;

/** A node that printed nothing at all, while others were read to the end, is no slow one. */
function isSilent({nodes: all}: View, node: NodeView): boolean {
	return (
		node.trouble !== undefined &&
		node.about.startedAt === undefined &&
		all.some(other => other.trouble === undefined && !other.troubles().some(({trouble}) => late.test(trouble!)))
	);
}

/** A node on which several probes were late. One late probe may hang by itself. */
function starved({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const all = node.troubles().filter(({trouble}) => late.test(trouble!));
		const engine = all.filter(({trouble}) => /engine/.test(trouble!)).length;
		const [own] = node.trouble && late.test(node.trouble) && !isSilent(view, node) ? [node.trouble] : [];
		return all.length - engine >= 3 || own
			? [{node: node.name, lines: all.slice(0, 3).map(({file, trouble}) => lineOf(node, file, trouble!))}]
			: [];
	});
}

function unreachable({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node =>
		node.trouble && (!late.test(node.trouble) || isSilent(view, node))
			? [{node: node.name, lines: [lineOf(node, `${node.name}/unreachable.txt`, node.trouble.split('\n')[0]!)]}]
			: [],
	);
}

/** Seconds that a node's clock may be off. Certificates and raft bear much more; a log that is compared does not. */
const clockTolerance = 30;

function clockWrong({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const {startedAt, sentAt, answeredAt} = node.about;
		const off =
			startedAt === undefined ? 0 : startedAt < sentAt ? startedAt - sentAt : Math.max(0, startedAt - answeredAt);
		return Math.abs(off) > clockTolerance
			? [
					{
						node: node.name,
						detail: `${node.name} is ${Math.abs(off).toFixed(0)} s ${off > 0 ? 'ahead' : 'behind'}`,
						lines: [lineOf(node, 'index.json', `startedAt ${startedAt}, sentAt ${sentAt}`)],
					},
				]
			: [];
	});
}

function addressTwice({view}: Seen): Sighting[] {
	return [...Map.groupBy(view.members ?? [], ({address}) => address)].flatMap(([address, members]) =>
		members.filter(({state}) => state === 'ready').length > 1
			? members.map(({name}) => ({
					node: name,
					detail: address,
					lines: [lineOf(name, 'nodes.txt', `${name}: Status.Addr ${address}`)],
				}))
			: [],
	);
}

/** Another node has the address of this one on its cards, too. */
function addressTaken({view}: Seen): Sighting[] {
	return view.nodes.flatMap(owner =>
		view.nodes.flatMap(other => {
			const lines =
				other === owner || !owner.address
					? []
					: other.lines('addresses', new RegExp(String.raw`\binet ${owner.address.replaceAll('.', '\\.')}/`));
			return lines.length > 0 ? [{node: other.name, detail: `${owner.address} of ${owner.name}`, lines}] : [];
		}),
	);
}

/** The card with the address that a node advertises is down. */
function cardDown({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const cards = node.text('addresses').split(/^(?=\d+: )/m);
		const [first = ''] = (cards.find(each => each.includes(` inet ${node.address}/`)) ?? '').split('\n');
		return first !== '' && !/[<,]UP[,>]/.test(first)
			? [{node: node.name, lines: [lineOf(node, `${node.name}/addresses.txt`, first)]}]
			: [];
	});
}

function lanAddressGone({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node =>
		node.has('addresses') && node.address && !node.text('addresses').includes(` ${node.address}/`)
			? [{node: node.name, lines: [lineOf(node, `${node.name}/addresses.txt`, `no card has ${node.address}`)]}]
			: [],
	);
}

/** A node that left and joined again is a new member: the old one stays in the list, down, with the same name and address. */
function memberDown({view}: Seen): Sighting[] {
	const ready = new Set(view.members?.filter(({state}) => state === 'ready').map(({address}) => address));
	return (view.members ?? []).flatMap(({name, address, state, message}) =>
		state === 'ready' || ready.has(address)
			? []
			: [
					{
						node: name,
						detail: `${name} is ${state}${message && `: ${message}`}`,
						lines: [lineOf(name, 'nodes.txt', `${name}: State ${state}${message && `, ${message}`}`)],
					},
				],
	);
}

export const nodes: Signature[] = [
	{
		id: 'starved',
		blame: 'host',
		confidence: 'certain',
		cause:
			'{nodes} got so little CPU time that the evidence could not be taken in full. What depends on time (answers, packets, gossip) says nothing about the product.',
		remedy: 'Run fewer machines at once on this host, or wait until it is less busy: swarmlab run --jobs 1.',
		requires: [],
		shows: starved,
		rulesOut: 'all nodes had enough CPU time to be read',
	},
	{
		id: 'node-unreachable',
		blame: 'host',
		confidence: 'certain',
		cause:
			'{nodes} could not be reached while the evidence was taken: the machine is off, hangs, or has lost its control channel.',
		remedy: 'Read the end of its console in the evidence, then start it again.',
		requires: [],
		shows: unreachable,
		rulesOut: 'every node could be reached',
	},
	{
		id: 'clock-wrong',
		blame: 'host',
		confidence: 'certain',
		cause: 'The clocks of the nodes differ: {detail}.',
		remedy: 'Set the clock, and run NTP. Certificates that are not yet valid keep a node out of the swarm.',
		requires: [],
		shows: clockWrong,
		rulesOut: 'all clocks agree within 30 s',
	},
	{
		id: 'address-twice',
		blame: 'host',
		confidence: 'certain',
		cause: 'Several nodes have the same address {detail}: gossip and VXLAN go to either of them, or to themselves.',
		remedy:
			'Join with --advertise-addr set to an address of the network between the nodes. A card of user networking (10.0.2.15) is the same on each machine.',
		issue: 'moby#29836',
		requires: ['nodes'],
		shows: either(addressTwice, addressTaken),
	},
	{
		id: 'lan-address-gone',
		blame: 'host',
		confidence: 'certain',
		cause: '{nodes} no longer has the address that it advertises.',
		remedy: 'Give the card its address again, or let the node leave and join with its new one.',
		requires: ['addresses'],
		shows: lanAddressGone,
	},
	{
		id: 'card-down',
		blame: 'host',
		confidence: 'certain',
		cause: 'The card of {nodes} with the address that it advertises is down.',
		remedy: 'Bring it up (`ip link set CARD up`), and its routes.',
		requires: ['addresses'],
		shows: cardDown,
		rulesOut: 'the cards between the nodes are up',
	},
	{
		id: 'member-down',
		blame: 'host',
		confidence: 'likely',
		cause: 'The managers do not have all nodes as ready: {detail}.',
		remedy: 'Look at that node: whether it runs, its engine, its clock, and tcp/2377 to the managers.',
		requires: ['nodes'],
		unless: ['starved', 'control-blocked-by-node', ...ownLoss],
		unlessThere: [
			'node-unreachable',
			'engine-down',
			'engine-hangs',
			'clock-wrong',
			'cut-off',
			'card-down',
			'input-dropped-by-node',
			'control-blocked',
			'lan-address-gone',
			'swarm-locked',
			'node-left',
			'certificate-expired',
			'swarm-error',
		],
		shows: memberDown,
		rulesOut: 'the managers have every node as ready',
	},
];
