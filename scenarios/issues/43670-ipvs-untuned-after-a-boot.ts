/**
 * moby/moby#43670 “Ensure performance tuning is always applied”: the kernel loads ip_vs when the first service is added, so the sysctls
 * are not there yet when its balancer is made. Since 20.10.17 they are written once more after that, but addLBBackend
 * (libnetwork service_linux.go) does so in the engine's own namespace: the first balancers after a boot stay as they were.
 */
import {scenario} from 'swarmlab';

scenario(
	'the sysctls of IPVS are set in the first balancers after a boot, which begin before the kernel has ip_vs',
	{
		issue: 'moby/moby#43670',
		expected: [
			{fails: '*', because: "since 20.10.17 they are written in the engine's namespace, before that never again"},
		],
		kernel: ['ip_vs'],
		steps: [
			"m1: if grep '^ip_vs ' /proc/modules; then exit 1; fi",
			'm1: docker network create -d overlay n',
			'm1: docker service create -q --name w --network n -p 8080:80 swarmlab/web',
			"m1: grep '^ip_vs ' /proc/modules",
		],
	},
	async (t, swarm) => {
		const names = 'net.ipv4.vs.conn_reuse_mode net.ipv4.vs.expire_nodest_conn net.ipv4.vs.expire_quiescent_template';
		await swarm.waitUntil(
			'conn_reuse_mode, expire_nodest_conn and expire_quiescent_template are 0 1 1 in each balancer',
			async () => {
				const seen = await swarm.manager.run(
					`cd /var/run/docker/netns; for f in lb_* ingress_sbox; do echo $f $(nsenter --net=$f sysctl -n ${names}); done; echo engine $(sysctl -n ${names})`,
				);
				const balancers = seen.trim().split('\n').slice(0, -1);
				return balancers.every(line => line.endsWith(' 0 1 1'))
					? {done: true, value: undefined}
					: {done: false, seen: seen.trim().replaceAll('\n', ', ')};
			},
			{limit: 20},
		);
		t.pass();
	},
);
