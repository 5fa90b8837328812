/**
 * moby/moby#27399, moby/moby#34841, moby/moby#28188: an overlay whose subnet has the host's name server in it swallows the questions to
 * that server. Since 28.0.0 the servers of the host are asked from the host's namespace (d29767431c, moby PR 48290).
 */
import {scenario} from 'swarmlab';

scenario(
	'a name server of the host is asked, even if an overlay has the subnet of its address',
	{
		issue: 'moby/moby#27399',
		expected: [{fails: '<28', because: "asked from the host's namespace since d29767431c in 28.0.0"}],
		workers: 1,
		steps: [
			// A part of the LAN: where nodes are containers, their host drops packets with other addresses.
			"w1: echo {w1} | sed 's/[0-9]*$/200/' > /root/server; ip addr add $(cat /root/server)/32 dev $(ip -o -4 addr show | grep -w {w1} | cut -d' ' -f2)",
			'm1: echo nameserver {w1:/root/server} > /etc/resolv.conf; /usr/lib/swarmlab/engine restart >/dev/null 2>&1',
			'm1: until docker node ls 2>/dev/null | grep -q Leader; do sleep 1; done',
			'm1: docker network create -d overlay --attachable --subnet $(echo {m1} | sed "s/[0-9]*$/192/")/26 n',
		],
	},
	async (t, swarm) => {
		const [asked] = await Promise.all([
			swarm.machine('w1').exec('timeout 30 tcpdump -lni any -c1 dst $(cat /root/server) and udp port 53'),
			swarm.manager.exec('sleep 3; docker run --rm --network n swarmlab/toolbox dig +time=3 +tries=3 example.org'),
		]);
		t.log(asked.stdout);
		t.regex(asked.stdout, /example\.org/, 'the question must come to the server');
	},
);
