/** What several scenarios claim of names and addresses. Not in fixtures.ts: a change there makes saved fixtures invalid. */
import type {ExecutionContext} from 'ava';
import type {Client, Overlay, Service} from 'swarmlab';

/** Seconds that the engine gives with each answer of its name server (libnetwork, resolver.go). */
export const ttl = 600;

/** Each client gets the addresses of a service's tasks, and no others, for a name; and each task answers it at its own address. */
export async function assertNamed(
	t: ExecutionContext,
	clients: Iterable<Client>,
	name: string,
	{service, net}: {service: Service; net: Overlay},
): Promise<void> {
	await Promise.all(
		[...clients].map(async client => {
			t.deepEqual(
				await client.resolve(name),
				{status: 'NOERROR', addresses: service.addresses(net), ttl},
				`${name} on ${client.node}`,
			);
			await assertReached(t, client, {service, net});
		}),
	);
}

/** A client reaches each task at its own address, on whichever node it runs. */
export async function assertReached(
	t: ExecutionContext,
	client: Client,
	{service, net}: {service: Service; net: Overlay},
): Promise<void> {
	for (const task of service.tasks) {
		const answers = await client.get(`http://${task.addresses[net.id]}/`);
		t.deepEqual(answers.failures, [], `${task.name} from ${client.node}: ${answers.describe()}`);
		t.true(answers.isOnlyFrom([task]), `${task.name} from ${client.node}: ${answers.describe()}`);
	}
}
