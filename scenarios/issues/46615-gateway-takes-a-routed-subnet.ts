/**
 * moby/moby#46615, a regression: only routes on a link count as taken since 20.10.15 (moby PR 43360), so docker_gwbridge takes a
 * subnet to which the node has a route. Upstream keeps it, as the lesser evil beside moby/moby#41525.
 */
import {scenario} from 'swarmlab';

scenario(
	'docker_gwbridge does not take a subnet to which its node has a route',
	{
		issue: 'moby/moby#46615',
		expected: [{fails: '>=20.10.15', because: 'only routes on a link count since moby PR 43360'}],
		workers: 1,
		steps: [
			"m1: docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' docker_gwbridge > /root/subnet; grep . /root/subnet",
			'm1: docker swarm leave --force; until docker network rm docker_gwbridge; do sleep 1; done; ip route add {m1:/root/subnet} via {w1}',
			'm1: docker swarm init --advertise-addr {m1} >/dev/null',
			'm1: until docker network inspect docker_gwbridge >/dev/null 2>&1; do sleep 1; done',
		],
	},
	async (t, swarm) => {
		const [routed, taken] = await Promise.all([
			swarm.manager.run('cat /root/subnet'),
			swarm.manager.run("docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' docker_gwbridge"),
		]);
		t.log(`routed ${routed}, taken ${taken}`);
		t.not(taken.trim(), routed.trim());
	},
);
