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
			'm1: docker swarm leave --force; until docker network rm docker_gwbridge; do sleep 1; done',
			// An engine may begin with the pool after the one that it gave last, as 20.10.24 and 26.1.5 did: so all of them are routed.
			'm1: for n in 18 19 20 21 22 23 24 25 26 27 28 29 30 31; do ip route add 172.$n.0.0/16 via {w1}; done',
			'm1: docker swarm init --advertise-addr {m1} >/dev/null',
			'm1: until docker network inspect docker_gwbridge >/dev/null 2>&1; do sleep 1; done',
		],
	},
	async (t, swarm) => {
		const taken = await swarm.manager.run(
			"docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' docker_gwbridge",
		);
		t.notRegex(taken.trim(), /^172\.(1[89]|2\d|3[01])\./, 'docker_gwbridge has a subnet to which m1 has a route');
	},
);
