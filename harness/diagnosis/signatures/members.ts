/** Causes in a node's membership: it left, is locked, waits for a manager, or is not to have tasks. */
import type {MemberView} from '../read-engine.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {lineOf, type NodeView} from '../view.ts';

/** What the engine says of itself in `/info`: moby, api/types/swarm, LocalNodeState. */
function ownState(node: NodeView): {state: string; error: string} | undefined {
	const text = node.text('docker-info');
	const [, state] = /"LocalNodeState": "(\w+)"/.exec(text) ?? [];
	const [, error = ''] = /"LocalNodeState": "\w+",[^}]*?"Error": "((?:[^"\\]|\\.)*)"/.exec(text) ?? [];
	return state === undefined ? undefined : {state, error: error.replaceAll('\\"', '"')};
}

function inState(is: (own: {state: string; error: string}) => boolean): (seen: Seen) => Sighting[] {
	return ({view}) =>
		view.nodes.flatMap(node => {
			const own = ownState(node);
			const lines = [`"LocalNodeState": "${own?.state}"`, ...(own?.error ? [`"Error": "${own.error}"`] : [])];
			return own && is(own)
				? [
						{
							node: node.name,
							...(own.error && {detail: own.error}),
							lines: lines.map(line => lineOf(node, `${node.name}/docker-info.txt`, line)),
						},
					]
				: [];
		});
}

/** A node that is in no swarm, where another one is: without any, nobody has formed one yet. */
function left(seen: Seen): Sighting[] {
	const isMember = seen.view.nodes.some(node => ownState(node)?.state === 'active');
	return isMember ? inState(({state}) => state === 'inactive')(seen) : [];
}

const isExpired = ({error}: {error: string}) =>
	/certificate (has expired|is not yet valid)|expired certificate/.test(error);
// moby, swarmkit: manager/controlapi and the engine's daemon/cluster/errors.go.
const hasNoLeader = ({error}: {error: string}) => /does not have a leader|no leader|too few managers/i.test(error);

function availableAs(wanted: MemberView['availability']): (seen: Seen) => Sighting[] {
	return ({view}) =>
		(view.members ?? [])
			.filter(({availability}) => availability === wanted)
			.map(({name}) => ({node: name, lines: [lineOf(name, 'nodes.txt', `${name}: Availability ${wanted}`)]}));
}

export const members: Signature[] = [
	{
		id: 'swarm-locked',
		blame: 'host',
		confidence: 'certain',
		cause:
			'The engine of {nodes} has restarted, and waits for the key that unlocks its swarm: it takes no part until then.',
		remedy:
			'`docker swarm unlock` there, with the key that `docker swarm unlock-key` shows on another manager. `docker swarm update --autolock=false` ends the lock.',
		requires: ['docker-info'],
		shows: inState(({state}) => state === 'locked'),
	},
	{
		id: 'node-left',
		blame: 'host',
		confidence: 'certain',
		cause: '{nodes} is in no swarm: it left, or was never joined.',
		remedy: 'Join it again: `docker swarm join-token worker` on a manager shows the command.',
		requires: ['docker-info'],
		shows: left,
		rulesOut: 'every node is in the swarm',
	},
	{
		id: 'certificate-expired',
		blame: 'host',
		confidence: 'certain',
		cause: 'The certificate of {nodes} is not valid now, so the managers refuse the node ({detail}).',
		remedy:
			'Set its clock right. If the certificate has expired, let the node leave and join again, or call `docker swarm ca --rotate` on a manager.',
		requires: ['docker-info'],
		unlessThere: ['clock-wrong'],
		shows: inState(isExpired),
	},
	{
		id: 'quorum-lost',
		blame: 'host',
		confidence: 'likely',
		cause: 'The managers have no leader ({detail}): tasks that run go on, and nothing can be changed.',
		remedy:
			'Bring back managers until more than half of them run and reach each other on tcp/2377. If they are lost: `docker swarm init --force-new-cluster` on one.',
		requires: ['docker-info'],
		unless: [
			'starved',
			'engine-down',
			'engine-hangs',
			'node-unreachable',
			'cut-off',
			'control-blocked',
			'control-blocked-by-node',
		],
		shows: inState(hasNoLeader),
		rulesOut: 'the managers have a leader',
	},
	{
		id: 'swarm-error',
		blame: 'product',
		confidence: 'likely',
		cause: 'The engine of {nodes} reports an error of its swarm: {detail}.',
		remedy: 'Read dockerd-log.txt of that node from its last start on.',
		requires: ['docker-info'],
		unless: ['starved'],
		unlessThere: ['engine-down', 'engine-hangs', 'clock-wrong', 'certificate-expired'],
		shows: inState(own => own.state === 'error' && !isExpired(own) && !hasNoLeader(own)),
	},
	{
		id: 'node-drained',
		blame: 'host',
		confidence: 'possible',
		cause: '{nodes} is drained: no task of a service runs there, on purpose.',
		remedy: '`docker node update --availability active NODE`, if it is to have tasks.',
		requires: ['nodes'],
		always: true,
		shows: availableAs('drain'),
	},
	{
		id: 'node-paused',
		blame: 'host',
		confidence: 'possible',
		cause: '{nodes} is paused: tasks that run there go on, and it gets no new ones.',
		remedy: '`docker node update --availability active NODE`, if it is to have new tasks.',
		requires: ['nodes'],
		always: true,
		shows: availableAs('pause'),
	},
];
