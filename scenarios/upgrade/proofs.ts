/** What must hold after each node that was upgraded. */
import type {ExecutionContext} from 'ava';
import type {Clients, Overlay, Service, Swarm} from 'swarmlab';

/** Asserts that every node is Ready, active, and has the role that it had. */
export async function membersAre(t: ExecutionContext, swarm: Swarm, step: string): Promise<void> {
	const nodes = await swarm.nodes();
	t.deepEqual(
		nodes.map(({name, state, availability, role}) => ({name, state, availability, role})).sort(byName),
		swarm.machines.map(({name, role}) => ({name, state: 'ready', availability: 'active', role})).sort(byName),
		step,
	);
}

/** Asserts that every node has a task, and that each task answers on each node. */
export async function everyTaskAnswers(
	t: ExecutionContext,
	{swarm, web, clients, net, step}: {swarm: Swarm; web: Service; clients: Clients; net: Overlay; step: string},
): Promise<void> {
	t.is(web.tasks.length, swarm.machines.length, step);
	for (const client of clients) {
		for (const task of web.tasks) {
			const answers = await client.get(`http://${task.addresses[net.id]}/`);
			t.deepEqual(answers.failures, [], `${step}: the task on ${task.node}, from ${client.node}`);
			t.true(answers.isOnlyFrom([task]), `${step}: ${answers.describe()}`);
		}
	}
}

function byName(a: {name: string}, b: {name: string}): number {
	return a.name < b.name ? -1 : 1;
}
