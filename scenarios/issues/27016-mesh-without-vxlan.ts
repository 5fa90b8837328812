/**
 * moby/moby#27016 “swarm mode on ubuntu 14.04 - no load balancing at all”, the report of the field notes: a policy between the nodes drops
 * udp/4789, while nodes are Ready and names are right. The cause is the network's, so all engines show it.
 */
import {scenario} from 'swarmlab';

scenario(
	'a published port answers each request, also if udp/4789 is dropped between the nodes',
	{
		issue: 'moby/moby#27016',
		expected: [{fails: '*', because: 'the mesh needs VXLAN'}],
		workers: 1,
		kernel: ['ip_vs'],
		steps: [
			'all: iptables -I INPUT -p udp --dport 4789 -j DROP',
			'm1: docker service create -q --name site --replicas 2 --placement-pref spread=node.id -p 8080:80 swarmlab/web',
			'm1: docker service ps site; docker node ls',
		],
	},
	async (t, swarm) => {
		const answers = await swarm
			.outside(swarm.manager)
			.get(`http://${swarm.manager.address}:8080/`, {connections: 4, timeout: 3});
		t.deepEqual(answers.failures, [], answers.describe());
	},
);
