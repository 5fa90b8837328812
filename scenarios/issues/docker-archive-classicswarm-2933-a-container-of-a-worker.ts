/**
 * docker-archive/classicswarm#2933: a manager keeps to advertise the address that it had at `swarm init`, so what uses its address, such
 * as overlays, breaks if it comes back with another one. Relatives: moby/moby#30455, moby/moby#31135.
 */
import {scenario} from 'swarmlab';

scenario(
	'a container of a worker reaches one of a manager whose address has changed',
	{
		issue: 'docker-archive/classicswarm#2933',
		expected: [{fails: '*', because: 'the address is that of `swarm init`: found so on four engines, 2026-11-28'}],
		workers: 1,
		steps: [
			'w1: docker swarm leave',
			// As the report has it, the manager listens on all addresses.
			'm1: docker swarm leave --force; docker swarm init --advertise-addr {self} >/dev/null',
			'm1: docker swarm join-token -q worker > /root/token; /usr/lib/swarmlab/engine stop >/dev/null 2>&1',
			'm1: set -- $(ip -4 -o address | awk \'$4 ~ "^{self}/" {print $2, $4}\'); ip address del $2 dev $1; ip address add $(echo {self} | cut -d. -f1-3).77/24 dev $1',
			'm1: /usr/lib/swarmlab/engine start >/dev/null 2>&1',
			'w1: docker swarm join --token {m1:/root/token} $(echo {m1} | cut -d. -f1-3).77:2377',
			'm1: until docker node ls | grep -q "w1.*Ready"; do sleep 1; done',
			'm1: docker network create -d overlay --attachable att; docker run -d --name site --network att swarmlab/web',
		],
	},
	async (t, swarm) => {
		await swarm.waitUntil(
			'a container on w1 is answered by the one on m1',
			async () => {
				const {exitCode, stderr} = await swarm
					.machine('w1')
					.exec('docker run --rm --network att swarmlab/toolbox curl -sS -m 5 -o /dev/null http://site/');
				return exitCode === 0 ? {done: true, value: undefined} : {done: false, seen: stderr.trim().split('\n').at(-1)!};
			},
			{limit: 60},
		);
		t.pass();
	},
);
