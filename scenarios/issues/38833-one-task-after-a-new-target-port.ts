/**
 * moby/moby#38833 “VIP load balancing gone after docker service update”, reported for 18.09.3: after one update that takes a published
 * port away and publishes it again with another target, one task has all requests. Nobody has found a cause in the report.
 */
import {scenario} from 'swarmlab';

scenario(
	'each task is asked in turn after one update has changed the target of a published port',
	{
		issue: 'moby/moby#38833',
		expected: 'unknown',
		workers: 2,
		kernel: ['ip_vs'],
		steps: [
			'm1: docker service create -q --name site --publish 8080:81 --replicas 3 swarmlab/web',
			'm1: docker service update -q --publish-rm 8080:81 --publish-add 8080:80 site',
			'm1: docker service ps --filter desired-state=running site',
		],
	},
	async (t, swarm) => {
		const asked = await swarm.manager.run(
			'for n in 1 2 3 4 5 6; do curl -s -m 5 http://127.0.0.1:8080/ || echo no answer; echo; done',
		);
		t.log(asked);
		const tasks = [...asked.matchAll(/site\.[123]\b/g)].map(([task]) => task);
		t.is(tasks.length, 6, 'each request must be answered');
		t.deepEqual([...new Set(tasks)].sort(), ['site.1', 'site.2', 'site.3']);
	},
);
