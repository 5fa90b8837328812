/**
 * docker/docs#9917, moby/moby#34139: a node that is drained stops its tasks first, and only then are others started. A service
 * with one task has a gap. By design in all engines.
 */
import {scenario} from 'swarmlab';

scenario(
	'a service of one task answers each request while the node of its task is drained',
	{
		issue: 'docker/docs#9917',
		expected: [{fails: '*', because: 'a manager stops the tasks of a drained node before it starts others'}],
		workers: 2,
		cluster: 'fresh',
	},
	async (t, swarm) => {
		const net = await swarm.overlay({attachable: true});
		const [web, clients] = await Promise.all([
			// Its name resolves to its task, so the kernel needs no ip_vs.
			swarm.service({
				...{name: 'site', image: 'web', replicas: 1, networks: [net], endpointMode: 'dnsrr'},
				constraints: ['node.role==worker'],
			}),
			swarm.clientsOnEveryNode(net),
		]);
		const [task] = web.tasks;
		const drained = swarm.machine(task!.node);
		const load = swarm.load([clients.at(swarm.manager)], `http://${web.name}/`);
		await swarm.members.set(drained, 'drain');
		await web.settle();
		const {requests, lost, longestGap, errors} = await load.end();
		t.log(
			`docker node update --availability drain ${drained.name}: ${lost} of ${requests} requests lost, no answer for ${longestGap.toFixed(1)} s`,
		);
		t.deepEqual(errors, {});
	},
);
