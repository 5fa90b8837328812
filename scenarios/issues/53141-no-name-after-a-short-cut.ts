/**
 * moby/moby#53141, a regression of 29.0: after nodes lost each other for seconds, names of tasks on the other one are unknown until
 * the service is updated. Mended by 6cf8465115 (moby PR 53142), after 29.7.2.
 */
import {scenario} from 'swarmlab';

scenario(
	'the name of a task on another node is known within 90 s after the nodes had lost each other for 20 s',
	{
		issue: 'moby/moby#53141',
		expected: [{fails: '>=29 <29.7.3', because: 'mended by 6cf8465115 after 29.7.2'}],
		workers: 1,
		steps: [
			'm1: docker network create -d overlay n',
			'm1: docker service create -q --name c --network n --endpoint-mode dnsrr --constraint node.hostname==m1 swarmlab/toolbox sleep 1d',
			'm1: docker service create -q --name far --network n --endpoint-mode dnsrr --constraint node.hostname==w1 swarmlab/toolbox sleep 1d',
			'm1: iptables -I INPUT -s {w1} -j DROP; sleep 20; iptables -D INPUT -s {w1} -j DROP',
		],
	},
	async (t, swarm) => {
		await swarm.waitUntil(
			'far has an address again, and its task runs',
			async () => {
				const seen = await swarm.manager.run(
					'docker exec $(docker ps -qf label=com.docker.swarm.service.name=c) dig +short +time=2 +tries=1 far. || true; docker node ls',
				);
				return /^\d+\./.test(seen) && !seen.includes('Down') ? {done: true, value: undefined} : {done: false, seen};
			},
			{limit: 90, poll: 2},
		);
		t.pass();
	},
);
