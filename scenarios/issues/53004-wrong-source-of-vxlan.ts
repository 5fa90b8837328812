/**
 * moby/moby#53004: packets of an overlay leave with another source address than the one that the node advertised, and the peer drops
 * them: its bridge table has a static entry with the advertised address, which learning may not move (VXLAN_ENTRY_EXISTS).
 */
import {scenario} from 'swarmlab';

scenario(
	'an overlay carries packets of a node that sends them from its second address',
	{
		issue: 'moby/moby#53004',
		expected: [{fails: '*', because: 'vxlan learns from packets, and may not move a static entry'}],
		workers: 1,
		steps: [
			'm1: docker network create -d overlay --attachable n',
			'w1: until docker run -d --name far --network n swarmlab/toolbox sleep 1d >/dev/null; do docker rm -f far; sleep 1; done',
			"w1: docker inspect -f '{{.NetworkSettings.Networks.n.IPAddress}}' far > /root/address; grep '^[0-9]' /root/address",
			'm1: until docker run -d --name near --network n swarmlab/toolbox sleep 1d >/dev/null; do docker rm -f near; sleep 1; done',
			'm1: until docker exec near ping -c2 -W2 {w1:/root/address}; do sleep 1; done',
			// An address of the LAN: where nodes are containers, their host drops packets with others.
			"m1: LAN=$(ip -o -4 addr show | grep -w {m1} | cut -d' ' -f2); SECOND=$(echo {m1} | sed 's/[0-9]*$/101/'); ip addr add $SECOND/32 dev $LAN; ip route replace {w1}/32 dev $LAN src $SECOND; ip route get {w1}; ping -c2 -W2 {w1}",
		],
	},
	async (t, swarm) => {
		const address = (await swarm.machine('w1').run('cat /root/address')).trim();
		const {stdout} = await swarm.manager.exec(`docker exec near ping -c4 -W2 ${address}`);
		t.log(stdout);
		if (!stdout.includes('packets transmitted')) {
			throw new Error('ping did not run');
		}

		t.regex(stdout, / 4 received/);
	},
);
