/**
 * moby/moby#41691, moby/moby#43643: an overlay sends nothing between nodes that advertise IPv6. Mended by 33564a0c03 (moby PR 46790), in
 * 25.0.0.
 */
import {scenario} from 'swarmlab';

scenario(
	'an overlay carries packets between nodes that advertise addresses of IPv6',
	{
		issue: 'moby/moby#41691',
		expected: [{fails: '<25', because: 'mended by 33564a0c03 in 25.0.0'}],
		workers: 1,
		steps: [
			'all: docker swarm leave --force',
			"m1: sysctl -qw net.ipv6.conf.all.disable_ipv6=0; ip -6 addr add fd00:53::1/64 dev $(ip -o -4 addr show | grep -w {m1} | cut -d' ' -f2) nodad",
			"w1: sysctl -qw net.ipv6.conf.all.disable_ipv6=0; ip -6 addr add fd00:53::2/64 dev $(ip -o -4 addr show | grep -w {w1} | cut -d' ' -f2) nodad",
			"m1: docker swarm init --advertise-addr fd00:53::1 --listen-addr '[fd00:53::1]:2377' >/dev/null && docker swarm join-token -q worker > /root/token",
			"w1: docker swarm join --token {m1:/root/token} --advertise-addr fd00:53::2 --listen-addr '[fd00:53::2]:2377' '[fd00:53::1]:2377'",
			'm1: docker network create -d overlay --attachable n',
			'w1: docker run -d --name far --network n swarmlab/toolbox sleep 1d',
			"w1: docker inspect -f '{{.NetworkSettings.Networks.n.IPAddress}}' far > /root/address; grep '^[0-9]' /root/address",
			'm1: docker run -d --name near --network n swarmlab/toolbox sleep 1d; sleep 5',
		],
	},
	async (t, swarm) => {
		const address = (await swarm.machine('w1').run('cat /root/address')).trim();
		const {stdout} = await swarm.manager.exec(`docker exec near ping -c4 -W2 ${address}`);
		t.log(stdout);
		if (!stdout.includes('packets transmitted')) {
			throw new Error('ping did not run');
		}

		t.regex(stdout, / [34] received/);
	},
);
