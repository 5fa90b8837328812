/**
 * moby/moby#45280: engines before 25.0.0 accepted what ESP had carried, with a rule of their own in INPUT. Since 1e195acee4 they do not, as
 * documented, and an encrypted overlay behind a policy of DROP carries nothing.
 */
import {scenario} from 'swarmlab';

scenario(
	'an encrypted overlay works behind an INPUT policy of DROP with ESP and the ports of swarm open',
	{
		issue: 'moby/moby#45280',
		expected: [{fails: '>=25', because: 'the rule was removed by 1e195acee4 in 25.0.0'}],
		workers: 1,
		steps: [
			"all: LAN=$(ip -o -4 addr show | grep -w {self} | cut -d' ' -f2); iptables -A INPUT ! -i $LAN -j ACCEPT; iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT; iptables -A INPUT -p tcp -m multiport --dports 2377,7946 -j ACCEPT; iptables -A INPUT -p udp --dport 7946 -j ACCEPT; iptables -A INPUT -p esp -j ACCEPT; iptables -P INPUT DROP",
			'm1: docker network create -d overlay --attachable --opt encrypted enc',
			'w1: until docker run -d --name far --network enc swarmlab/toolbox sleep 1d >/dev/null; do docker rm -f far; sleep 1; done',
			"w1: docker inspect -f '{{.NetworkSettings.Networks.enc.IPAddress}}' far > /root/address; grep '^[0-9]' /root/address",
			'm1: until docker run -d --name near --network enc swarmlab/toolbox sleep 1d >/dev/null; do docker rm -f near; sleep 1; done; sleep 5',
		],
	},
	async (t, swarm) => {
		const address = (await swarm.machine('w1').run('cat /root/address')).trim();
		const {stdout} = await swarm.manager.exec(`docker exec near ping -c4 -W2 ${address}`);
		t.log(stdout);
		t.log(`w1: ${await swarm.machine('w1').run('iptables -vnL INPUT | head -1')}`);
		if (!stdout.includes('packets transmitted')) {
			throw new Error('ping did not run');
		}

		t.regex(stdout, / [34] received/);
	},
);
