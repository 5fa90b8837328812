/**
 * moby/moby#50202, moby/swarmkit#3200: scaling with two placement preferences stops the scheduler for good. Mended by swarmkit
 * 2d6aff776, in 28.3.0. Chance decides, as the order of a Go map does.
 */
import {scenario} from 'swarmlab';

scenario(
	'a service can be scheduled after another one with two placement preferences was scaled',
	{
		issue: 'moby/moby#50202',
		expected: [{fails: '<28.3', sometimes: true, because: 'mended by swarmkit 2d6aff776 in 28.3.0'}],
		workers: 2,
		steps: [
			'm1: docker node update --label-add az=a --label-add rack=1 m1; docker node update --label-add az=a --label-add rack=2 w1; docker node update --label-add az=b --label-add rack=1 w2',
			'm1: docker node update --availability drain w1',
			'm1: docker service create -q --name s --replicas 6 --placement-pref spread=node.labels.az --placement-pref spread=node.labels.rack swarmlab/toolbox sleep 1d',
			'm1: docker node update --availability active w1',
			'm1: docker service scale -d s=10; sleep 10',
			'm1: docker service create -d --name probe swarmlab/toolbox sleep 1d',
		],
	},
	async (t, swarm) => {
		await swarm.waitUntil(
			'the task of probe runs',
			async () => {
				const seen = await swarm.manager.run("docker service ps --format '{{.CurrentState}}' probe");
				return /^Running/.test(seen) ? {done: true, value: undefined} : {done: false, seen};
			},
			{limit: 60},
		);
		t.pass();
	},
);
