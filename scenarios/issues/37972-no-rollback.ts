/**
 * moby/moby#37972 “automatic rollback does not work”, moby/swarmkit#3003: with a delay that is longer than the monitored time, failures
 * during the delay after the last task are looked at too late to count. A failure of an earlier task counts, so one task shows
 * it. Mended by swarmkit fc1338c6c (moby PR 42875), in 20.10.10.
 */
import {scenario} from 'swarmlab';

scenario(
	'an update whose tasks fail is rolled back, also if its delay is longer than the time that it monitors',
	{
		issue: 'moby/moby#37972',
		expected: [{fails: '<20.10.10', because: 'mended by swarmkit fc1338c6c in 20.10.10'}],
		limit: 300,
		steps: [
			'm1: docker service create -q --name r --replicas 1 --update-delay 20s --update-monitor 5s --update-failure-action rollback swarmlab/toolbox sleep 1d',
			'm1: docker service update -d --args false r',
		],
	},
	async (t, swarm) => {
		const {value} = await swarm.waitUntil(
			'the update has ended, or is paused',
			async () => {
				const seen = await swarm.manager.run("docker service inspect -f '{{.UpdateStatus.State}}' r");
				return /^(updating|rollback_started)/.test(seen) ? {done: false, seen} : {done: true, value: seen};
			},
			{limit: 150, poll: 2},
		);
		t.is(value, 'rollback_completed');
	},
);
