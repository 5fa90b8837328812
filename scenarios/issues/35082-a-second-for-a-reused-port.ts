/**
 * moby/moby#35082, moby/moby#31746: with conn_reuse_mode=1 a connection from a port that was just used takes a second, as its SYN is
 * dropped once. Kernels from 5.9 on do not drop it (kubernetes/kubernetes#93297).
 */
import {scenario} from 'swarmlab';

scenario(
	'connections from one and the same port through a virtual address take less than 0.9 s each with conn_reuse_mode=1',
	{
		issue: 'moby/moby#35082',
		expected: [{fails: '*', kernel: '<5.9', because: 'the kernel dropped the SYN of an unconfirmed flow'}],
		kernel: ['ip_vs'],
		steps: [
			'm1: docker network create -d overlay n',
			'm1: docker service create -q --name site --network n --replicas 2 swarmlab/web',
			'm1: docker service create -q --name c --network n swarmlab/toolbox sleep 1d',
			'm1: for f in /var/run/docker/netns/lb_*; do nsenter --net=$f sysctl -w net.ipv4.vs.conn_reuse_mode=1; done',
		],
	},
	async (t, swarm) => {
		const loop =
			'for i in 1 2 3 4 5 6 7 8; do curl -s -o /dev/null -m 5 --local-port 40000 -H "Connection: close" -w "%{http_code} %{time_connect}\\n" http://site/; done';
		const {stdout} = await swarm.manager.exec(
			`docker exec $(docker ps -qf label=com.docker.swarm.service.name=c) sh -c '${loop}'`,
		);
		t.log(stdout);
		const slow = stdout.split('\n').filter(line => line.startsWith('200') && Number(line.split(' ')[1]) >= 0.9);
		t.deepEqual(slow, []);
		t.true(stdout.includes('200'), stdout);
	},
);
