/**
 * moby/moby#38833 “VIP load balancing gone after docker service update”, reported for 18.09.3: after one update that takes a published
 * port away and publishes it again with another target, one task has all requests. A task with other ports has a load balancer of
 * its own, with the same virtual address. While the one of the old tasks has that address as an alias, addLBBackend (libnetwork
 * service_linux.go) logs “Failed add IP alias … file exists”, and leaves the task out for good. Only the task that is updated last
 * gets in.
 */
import {scenario} from 'swarmlab';

scenario(
	'each task is asked in turn after one update has changed the target of a published port',
	{
		issue: 'moby/moby#38833',
		expected: [
			{
				fails: '<=29.1.2',
				because: 'addLBBackend gives up if the alias is there; mended by moby PR 51657, after 29.1.2',
			},
		],
		workers: 2,
		kernel: ['ip_vs'],
		steps: [
			'm1: docker service create -q --name site --publish 8080:81 --replicas 3 swarmlab/web',
			'm1: docker service update -q --publish-rm 8080:81 --publish-add 8080:80 site',
			'm1: docker service ps --filter desired-state=running site',
		],
	},
	async (t, swarm) => {
		await swarm.waitUntil(
			'six requests get to three tasks',
			async () => {
				const asked = await swarm.manager.run(
					'for n in 1 2 3 4 5 6; do curl -s -m 5 http://127.0.0.1:8080/ || echo no answer; echo; done',
				);
				const servers = [...asked.matchAll(/"server":"([\d.]+)"/g)].map(([, server]) => server!);
				const seen = `${servers.length} answers, of ${[...new Set(servers)].sort().join(' ')}`;
				return servers.length === 6 && new Set(servers).size === 3
					? {done: true, value: undefined}
					: {done: false, seen};
			},
			{limit: 30},
		);
		t.pass();
	},
);
