/** The swarm itself: who is in it, and with what one gets in. */
import {scenario} from 'swarmlab';

scenario('every machine is a Ready node, in its role, at its address on the LAN', {}, async (t, swarm) => {
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
});

scenario('a worker that left gets in again with the current token only', {workers: 1}, async (t, swarm) => {
	const worker = swarm.workers.at(-1)!;
	const old = await swarm.members.tokens();
	t.regex(old.worker, /^SWMTKN-1-/);
	t.not(old.worker, old.manager, 'managers and workers join with different tokens');

	await swarm.members.leave(worker);
	swarm.measure('seen down', await swarm.members.waitForState(worker, 'down'));
	const current = await swarm.members.rotateWorkerToken();
	t.not(current.worker, old.worker);
	t.is(current.manager, old.manager, 'the token of managers was rotated, too');

	await t.throwsAsync(swarm.members.join(worker, old.worker), {message: /token/i}, 'the old token must be refused');
	t.not((await swarm.members.of(worker)).state, 'active');

	swarm.measure('joined again', await swarm.members.join(worker, current.worker));
	const nodes = await swarm.nodes();
	t.is(nodes.find(({name, state}) => name === worker.name && state === 'ready')?.role, 'worker');
});
