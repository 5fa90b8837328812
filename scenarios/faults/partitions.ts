/** A worker that does not hear the others for a while, or only not in one way, and comes back. */
import {scenario, type Where} from 'swarmlab';
import {assertRightAgain, startWork, untilSeconds} from './right-again.ts';

interface Cut {
	/** The frames of the worker that are dropped. */
	frames: Omit<Where, 'at'>[];
	/** Seconds within which all must be right after the heal. */
	limit: number;
	/** From so many seconds on a manager must take the node for down. */
	downAfter?: number;
}

/**
 * A manager takes a node for down after three heartbeats that were missed, some 15 s (swarmkit, manager/dispatcher). Then the node
 * registers again, with pauses of up to 8 s. Gossip declares a node dead after some 5 s. It rejoins every 60 s, and exchanges
 * everything every 30 s (moby libnetwork/networkdb: rejoinClusterInterval, bulkSyncInterval). A SYN is repeated after 1, 3 and 7 s.
 */
const cuts: Record<string, Cut> = {
	'gossip (7946)': {
		frames: [
			{protocol: 'tcp', port: 7946},
			{protocol: 'udp', port: 7946},
		],
		limit: 90,
	},
	'the managers (2377)': {frames: [{protocol: 'tcp', port: 2377}], limit: 90, downAfter: 30},
	'VXLAN (4789)': {frames: [{protocol: 'udp', port: 4789}], limit: 30},
	'all traffic': {frames: [{}], limit: 90, downAfter: 30},
};

for (const [what, {frames, limit, downAfter = Number.POSITIVE_INFINITY}] of Object.entries(cuts)) {
	for (const seconds of [5, 30, 90]) {
		scenario(
			`a worker is cut off from ${what} for ${seconds} s: names and addresses are right on every node ${limit} s after that`,
			{workers: 1, faults: ['link'], cluster: 'fresh', limit: 420 + seconds},
			async (t, swarm) => {
				const worker = swarm.workers.at(-1)!;
				const work = await startWork(swarm);
				const load = swarm.load([work.clients.at(swarm.manager)], `http://${work.web.name}/`);

				const startMs = performance.now();
				const faults = await Promise.all(frames.map(async each => swarm.faults.block({...each, at: worker})));
				if (seconds >= downAfter) {
					swarm.measure('seen down', await swarm.members.waitForState(worker, 'down', seconds + 15));
				}

				await untilSeconds(swarm, startMs, seconds);
				for (const fault of faults) {
					const {dropped} = await fault.heal();
					t.true(dropped > 0, `it must have had an effect: ${fault.what}`);
				}

				await assertRightAgain(t, swarm, work, limit, load);
			},
		);
	}
}
