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
			// Whichever end closes first keeps the port for 60 s: without this, curl could not use it again.
			"m1: nsenter -t $(docker inspect -f '{{.State.Pid}}' $(docker ps -qf label=com.docker.swarm.service.name=c)) -n sysctl -w net.ipv4.tcp_max_tw_buckets=0",
		],
	},
	async (t, swarm) => {
		const loop =
			'for i in 1 2 3 4 5 6 7 8; do curl -sS -o /dev/null -m 5 --local-port 40000 -H "Connection: close" -w "%{http_code} %{time_connect}\\n" http://site/ 2>&1; done';
		const {stdout} = await swarm.manager.exec(
			`docker exec $(docker ps -qf label=com.docker.swarm.service.name=c) sh -c '${loop}'`,
		);
		t.log(stdout);
		if (stdout.includes('bind failed')) {
			throw new Error('each connection must come from port 40000');
		}

		const connections = stdout.split('\n').filter(line => /^\d{3} /.test(line));
		t.is(connections.length, 8, stdout);
		t.deepEqual(
			connections.filter(line => !line.startsWith('200') || Number(line.split(' ')[1]) >= 0.9),
			[],
		);
	},
);
