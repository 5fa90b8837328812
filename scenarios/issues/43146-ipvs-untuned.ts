/**
 * moby/moby#43146 “Apply performance tuning to new sandboxes also”, moby/moby#43670.
 * Before 20.10.17 the sysctls were written outside of the sandbox's namespace, and never for ingress (libnetwork controller.go,
 * namespace_linux.go). The kernel has ip_vs before the balancers are made; moby/moby#43670 is about the other case.
 */
import {scenario} from 'swarmlab';

scenario(
	'the sysctls of IPVS are set in each balancer of a node: no reuse of connections, expiry of those without a server',
	{
		issue: 'moby/moby#43146',
		expected: [{fails: '<20.10.17', because: 'set inside the namespaces since 20.10.17'}],
		kernel: ['ip_vs'],
		steps: [
			'm1: modprobe ip_vs; docker swarm leave --force >/dev/null; docker swarm init --advertise-addr {m1} >/dev/null',
			'm1: docker network create -d overlay n',
			'm1: docker service create -q --name w --network n -p 8080:80 swarmlab/web',
		],
	},
	async (t, swarm) => {
		const seen = await swarm.manager.run(
			'cd /var/run/docker/netns; for f in lb_* ingress_sbox; do echo $f $(nsenter --net=$f sysctl -n net.ipv4.vs.conn_reuse_mode net.ipv4.vs.expire_nodest_conn net.ipv4.vs.expire_quiescent_template); done',
		);
		t.log(seen);
		const wrong = seen.split('\n').filter(line => !line.endsWith(' 0 1 1'));
		t.deepEqual(wrong, [], 'conn_reuse_mode, expire_nodest_conn and expire_quiescent_template must be 0 1 1');
	},
);
