/** Three managers that lose their leader, and their quorum. Run with --managers 3. */
import {partitions, scenario} from 'swarmlab';
import {assertRightAgain, startWork, untilSeconds} from './right-again.ts';

/**
 * Seconds. An election begins 10 to 19 s after the last word of the leader (swarmkit, manager/state/raft: ElectionTick is 10
 * heartbeats of 1 s), and may have to be held again. Doubled, plus 10 s.
 */
const election = 2 * 20 + 10;
/** Seconds: gossip rejoins every 60 s, and exchanges everything every 30 s (moby libnetwork/networkdb). */
const back = 90;

const needs = {managers: 3, faults: ['link'], cluster: 'fresh', limit: 600} as const;

scenario(
	`three managers lose their leader: another one leads within ${election} s, and all is right ${back} s after it is back`,
	needs,
	async (t, swarm) => {
		const work = await startWork(swarm);
		const old = swarm.machine((await swarm.nodes()).find(({leader}) => leader)!.name);
		const other = swarm.managers.find(each => each !== old)!;
		const load = swarm.load([work.clients.at(other)], `http://${work.web.name}/`);

		const fault = await swarm.faults.partition(nodes => partitions.isolate(nodes, old.name));
		await swarm.waitUntil(
			`${other.name} and the rest have a new leader`,
			async () => {
				try {
					const leader = (await swarm.nodes(other)).find(node => node.leader && node.name !== old.name);
					return leader ? {done: true, value: undefined} : {done: false, seen: `${old.name} is the leader`};
				} catch (error) {
					return {done: false, seen: (error as Error).message};
				}
			},
			{limit: election, poll: 1, metric: 'new leader'},
		);
		const {dropped} = await fault.heal();
		t.true(dropped > 0, 'the partition must have had an effect');
		await assertRightAgain(t, swarm, work, back, load);
		const leaders = (await swarm.nodes()).filter(({leader}) => leader);
		t.is(leaders.length, 1, JSON.stringify(leaders));
	},
);

scenario(
	`three managers lose their quorum for 60 s: no request is lost meanwhile, and a leader is back within ${election} s`,
	needs,
	async (t, swarm) => {
		const work = await startWork(swarm);
		const load = swarm.load([...work.clients], `http://${work.web.name}/`);
		const startMs = performance.now();
		const fault = await swarm.faults.block({protocol: 'tcp', port: 2377});
		await swarm.waitUntil(
			'no manager has a leader',
			async () => {
				try {
					await swarm.nodes();
					return {done: false, seen: `${swarm.manager.name} still answers`};
				} catch (error) {
					return /leader/.test((error as Error).message)
						? {done: true, value: undefined}
						: {done: false, seen: (error as Error).message};
				}
			},
			{limit: election, poll: 1, metric: 'quorum lost'},
		);
		await untilSeconds(swarm, startMs, 60);
		const {dropped} = await fault.heal();
		t.true(dropped > 0, 'the fault must have had an effect');
		await swarm.waitUntil(
			'there is a leader again',
			async () => {
				try {
					const leader = (await swarm.nodes()).find(node => node.leader);
					return leader ? {done: true, value: undefined} : {done: false, seen: 'none'};
				} catch (error) {
					return {done: false, seen: (error as Error).message};
				}
			},
			{limit: election, poll: 1, metric: 'leader after the heal'},
		);
		const {lost, errors} = await load.end();
		t.is(lost, 0, JSON.stringify(errors));
		await assertRightAgain(t, swarm, work, back);
	},
);
