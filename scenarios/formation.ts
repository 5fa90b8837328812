/** The swarm itself: who is in it. With what one gets in is proven where nodes go and come back. */
import {scenario} from 'swarmlab';

scenario(
	'every machine is a Ready node, in its role, at its address on the LAN',
	{cluster: 'new'},
	async (t, swarm) => {
		const nodes = await swarm.nodes();
		t.deepEqual(
			nodes
				.map(({name, role, state, address}) => ({name, role, state, address}))
				.sort((a, b) => a.name.localeCompare(b.name)),
			swarm.machines
				.map(({name, role, address}) => ({name, role, state: 'ready', address}))
				.sort((a, b) => a.name.localeCompare(b.name)),
		);
		t.is(nodes.filter(({leader}) => leader).length, 1, 'a swarm has exactly one leader');
		for (const machine of swarm.machines) {
			const {state, nodeId} = await swarm.members.of(machine);
			t.is(state, 'active', `${machine.name} says of itself that it is ${state}`);
			t.is(nodes.find(({name}) => name === machine.name)?.id, nodeId, `${machine.name} knows itself by another id`);
		}
	},
);
