/** What must be true on a healthy swarm, after a fault was healed: strict on every node. */
import type {ExecutionContext} from 'ava';
import type {Clients, Overlay, Service, Swarm} from 'swarmlab';
import {assertNamed} from '../names.ts';

export interface Work {
	net: Overlay;
	/** Its tasks answer by a virtual address; by their own where the kernel cannot balance. */
	web: Service;
	isBalanced: boolean;
	clients: Clients;
}

/** Makes an overlay, with a service and a client on each node. */
export async function startWork(swarm: Swarm): Promise<Work> {
	const net = await swarm.overlay();
	const {exitCode} = await swarm.manager.exec(
		'[ -e /proc/net/ip_vs ] || [ -e /sys/module/ip_vs ] || grep -qs "/ip_vs.ko" /lib/modules/$(uname -r)/modules.dep',
	);
	const isBalanced = exitCode === 0;
	const endpointMode = isBalanced ? 'vip' : 'dnsrr';
	const [web, clients] = await Promise.all([
		swarm.service({image: 'web', replicas: 'global', networks: [net], endpointMode}),
		swarm.clientsOnEveryNode(net),
	]);
	return {net, web, clients, isBalanced};
}

/**
 * Waits until all nodes are Ready and run their tasks, and every node has what the managers report: `limit` seconds in all.
 * Then a load is ended, whose requests would take turns of the balancer, and nothing may be wrong any more: names, and requests
 * in turn from every node. The seconds are a metric.
 */
export async function assertRightAgain(
	t: ExecutionContext,
	swarm: Swarm,
	{net, web, clients, isBalanced}: Work,
	limit: number,
	load?: ReturnType<Swarm['load']>,
): Promise<void> {
	const start = performance.now();
	const left = () => Math.max(1, limit - (performance.now() - start) / 1000);
	for (const machine of swarm.machines) {
		await swarm.members.waitForState(machine, 'ready', left());
	}

	for (const service of [web, clients]) {
		await service.tasksRun(left());
		await service.converge(left());
	}

	await swarm.waitUntil(
		'every node reaches every task',
		async () => {
			const failures = await Promise.all(
				[...clients].map(async client => {
					const {failures: lost} = await client.get(`http://${web.name}/`, {connections: web.tasks.length});
					return lost.length > 0 ? [`${client.node}: ${lost.join(', ')}`] : [];
				}),
			);
			return failures.flat().length === 0
				? {done: true, value: undefined}
				: {done: false, seen: failures.flat().join('; ')};
		},
		{limit: left(), poll: 1},
	);
	swarm.measure('right after the heal', (performance.now() - start) / 1000);
	if (load) {
		await measureGap(t, swarm, load);
	}

	t.is(web.tasks.length, swarm.machines.length, 'every node must have a task');
	if (!isBalanced) {
		await assertNamed(t, clients, web.name, {service: web, net});
		return;
	}

	for (const client of clients) {
		const named = await client.resolve(web.name);
		t.deepEqual(named.addresses, [await web.vip(net)], `the name on ${client.node}`);
		const answers = await client.get(`http://${web.name}/`, {connections: 2 * web.tasks.length});
		t.deepEqual(answers.failures, [], `${client.node}: ${answers.describe()}`);
		t.true(answers.isRoundRobinOver(web.tasks), `${client.node}: ${answers.describe()}`);
	}
}

/** Waits until so many seconds have passed since `startMs` (`performance.now()`): the fault is to last so long. */
export async function untilSeconds(swarm: Swarm, startMs: number, seconds: number): Promise<void> {
	await swarm.waitUntil(
		`${seconds} s have passed`,
		async () => {
			const passed = (performance.now() - startMs) / 1000;
			return passed >= seconds ? {done: true, value: undefined} : {done: false, seen: `${passed.toFixed(0)} s`};
		},
		{limit: 2 * seconds + 30, poll: 0.5, ours: true},
	);
}

/** Ends a load, and stores what became of it as metrics. */
export async function measureGap(t: ExecutionContext, swarm: Swarm, load: ReturnType<Swarm['load']>): Promise<number> {
	const {requests, lost, longestGap, errors} = await load.end();
	t.log(`${lost} of ${requests} requests lost: ${JSON.stringify(errors)}`);
	swarm.measure('requests (number)', requests);
	swarm.measure('requests lost (number)', lost);
	swarm.measure('longest gap without an answer', longestGap);
	return longestGap;
}
