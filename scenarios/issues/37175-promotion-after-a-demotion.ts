/**
 * moby/moby#37175 “node promotion could fail right after a demotion”: a worker that joined through a manager, which is demoted now,
 * keeps asking it. Mended by moby PR 47854, in 26.1.4. Chance decides: the worker may ask another manager.
 */
import {scenario} from 'swarmlab';

scenario(
	'a worker that joined through a manager can be promoted right after that one was demoted',
	{
		issue: 'moby/moby#37175',
		expected: [{fails: '<26.1.4', sometimes: true, because: 'mended by moby PR 47854 in 26.1.4'}],
		managers: 3,
		workers: 1,
		steps: [
			'w1: docker swarm leave',
			'm1: docker swarm join-token -q worker > /root/token',
			// The node that w1 was before has the same name, and may still be Ready.
			"w1: docker swarm join --token {m1:/root/token} --advertise-addr {w1} {m2}:2377 && docker info --format '{{.Swarm.NodeID}}' > /root/id",
			"m1: until docker node inspect --format '{{.Status.State}}' {w1:/root/id} | grep ready; do sleep 1; done",
			'm1: docker node demote m2 && docker node promote {w1:/root/id}',
		],
	},
	async (t, swarm) => {
		const id = (await swarm.machine('w1').run('cat /root/id')).trim();
		await swarm.waitUntil(
			'the promoted node is a reachable manager',
			async () => {
				const seen = await swarm.manager.run(
					`docker node inspect -f '{{if .ManagerStatus}}{{.ManagerStatus.Reachability}}{{else}}no manager{{end}}' ${id}`,
				);
				return seen.startsWith('reachable') ? {done: true, value: undefined} : {done: false, seen};
			},
			{limit: 90, poll: 2},
		);
		t.pass();
	},
);
