/** Managers that get a newer engine, one after the other, while clients send requests. */
import type {ExecutionContext} from 'ava';
import {type Machine, type Swarm, scenario} from 'swarmlab';
import {everyTaskAnswers, membersAre} from './proofs.ts';

/**
 * Seconds until the managers that are left have a leader: an election begins 10 to 19 s after the last word of the leader
 * (swarmkit, manager/state/raft: ElectionTick is 10 heartbeats of 1 s), and may have to be held again. Doubled, plus 10 s.
 */
const election = 2 * 20 + 10;

const title =
	'three managers are upgraded one after the other: the swarm keeps its quorum and its tasks, and answers on every node';

scenario(title, {managers: 3, upgrade: true, cluster: 'fresh', limit: 1800}, async (t, swarm) =>
	// Its name resolves to its tasks, so the kernel needs no ip_vs.
	upgradeAll(t, swarm, 'dnsrr'),
);

scenario(
	`${title}, through a virtual address`,
	{managers: 3, upgrade: true, kernel: ['ip_vs'], cluster: 'fresh', limit: 1800},
	async (t, swarm) => upgradeAll(t, swarm, 'vip'),
);

async function upgradeAll(t: ExecutionContext, swarm: Swarm, endpointMode: 'dnsrr' | 'vip'): Promise<void> {
	const net = await swarm.overlay({attachable: true});
	const [web, clients] = await Promise.all([
		swarm.service({name: 'web', image: 'web', replicas: 'global', networks: [net], endpointMode}),
		swarm.clientsOnEveryNode(net, {name: 'clients'}),
	]);
	const totals = {requests: 0, lost: 0, longestGap: 0, leaders: 0};
	for (const engine of swarm.upgrades) {
		for (const machine of await leaderLast(swarm)) {
			const step = `${machine.name} to ${engine.version}`;
			const others = swarm.managers.filter(each => each !== machine);
			const senders = others.map(each => clients.at(each));
			const load = swarm.load(senders, `http://${web.name}/`);
			const before = await leader(swarm, machine);
			await swarm.members.set(machine, 'drain');
			swarm.measure(`${step}: Ready again`, await swarm.upgrade(machine, engine, () => quorum(swarm, machine, step)));
			totals.leaders += (await leader(swarm, machine)) === before ? 0 : 1;
			await Promise.all([web.settle(), clients.settle()]);
			const {requests, lost, longestGap, errors} = await load.end();
			t.log(`${step}: ${lost} of ${requests} requests lost, ${JSON.stringify(errors)}`);
			totals.requests += requests;
			totals.lost += lost;
			totals.longestGap = Math.max(totals.longestGap, longestGap);

			// Strict from here on: every node is back, and every task answers on every node.
			await membersAre(t, swarm, step);
			await everyTaskAnswers(t, {swarm, web, clients, net, step});
		}
	}

	swarm.measure('requests (number)', totals.requests);
	swarm.measure('requests lost (number)', totals.lost);
	swarm.measure('longest gap without an answer', totals.longestGap);
	swarm.measure('leader changes (number)', totals.leaders);
	t.true(totals.requests > 0, 'no request was sent');
}

/** The order in which an operator upgrades them: the swarm looks for a new leader once, and not each time. */
async function leaderLast(swarm: Swarm): Promise<Machine[]> {
	const last = await leader(swarm);
	return [...swarm.managers].sort((a, b) => Number(a.name === last) - Number(b.name === last));
}

/** While a manager is down, the others have a leader and accept a change: its node is to be active when it comes back. */
async function quorum(swarm: Swarm, down: Machine, step: string): Promise<void> {
	const manager = swarm.managers.find(each => each !== down)!;
	await swarm.waitUntil(
		`the managers without ${down.name} accept a change`,
		async () => {
			try {
				await swarm.membersSeenBy(manager).set(down, 'active', {whateverState: true});
				return {done: true, value: undefined};
			} catch (error) {
				return {done: false, seen: (error as Error).message};
			}
		},
		{limit: election, metric: `${step}: a change is accepted without it`},
	);
}

/** The name of the leader, as a manager other than this one reports it. */
async function leader(swarm: Swarm, but?: Machine): Promise<string | undefined> {
	const manager = swarm.managers.find(each => each !== but)!;
	const {value} = await swarm.waitUntil('there is a leader', async () => {
		const found = (await swarm.nodes(manager)).find(node => node.leader);
		return found ? {done: true, value: found.name} : {done: false, seen: 'none of the managers'};
	});
	return value;
}
