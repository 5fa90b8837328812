/**
 * moby/moby#45610, moby PR 49325: a neighbour reaches a container's own port by a route to its address on docker_gwbridge. Since
 * 28.0.0 direct access to a container behind NAT is dropped (27adcd596b).
 */
import {scenario} from 'swarmlab';

scenario(
	"a container's own port cannot be reached from a neighbour by a route to its address on docker_gwbridge",
	{
		issue: 'moby/moby#45610',
		expected: [{fails: '<28', because: 'dropped since 27adcd596b in 28.0.0'}],
		workers: 2,
		steps: [
			'm1: docker network create -d overlay n',
			'm1: docker service create -q --name h --network n --endpoint-mode dnsrr --constraint node.hostname==w1 --publish mode=host,published=8081,target=80 swarmlab/web',
			"w1: docker network inspect -f '{{range .Containers}}{{.Name}} {{.IPv4Address}}{{println}}{{end}}' docker_gwbridge | grep -v ingress | grep -o '[0-9.]*/' | tr -d / > /root/address; grep '^[0-9]' /root/address",
			// A second LAN of the two: where nodes are containers, their host drops packets of the first that have other addresses.
			"w1: ip link add second type vxlan id 7 remote {w2} dstport 4790 dev $(ip -o -4 addr show | grep -w {self} | cut -d' ' -f2) && ip addr add 192.168.77.1/24 dev second && ip link set second up",
			"w2: ip link add second type vxlan id 7 remote {w1} dstport 4790 dev $(ip -o -4 addr show | grep -w {self} | cut -d' ' -f2) && ip addr add 192.168.77.2/24 dev second && ip link set second up",
			'w2: ping -c1 -W5 192.168.77.1; ip route add {w1:/root/address}/32 via 192.168.77.1',
		],
	},
	async (t, swarm) => {
		const [w1, w2] = swarm.workers;
		const address = (await w1!.run('cat /root/address')).trim();
		const ask = async (url: string) =>
			(await w2!.exec(`curl -s -m 5 -o /dev/null -w '%{http_code}' ${url}`)).stdout.trim();
		if ((await ask(`http://${w1!.address}:8081/`)) !== '200') {
			throw new Error('the published port must answer');
		}

		t.is(await ask(`http://${address}:80/`), '000', 'the port of the container must not');
	},
);
