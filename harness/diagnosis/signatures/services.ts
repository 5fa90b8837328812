/** Causes that are in a service itself: swarm does what it was asked for. */
import {networksOf} from '../peers.ts';
import type {TaskView} from '../read-engine.ts';
import {either} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {isLoopback, type Target, targetsIn} from '../targets.ts';
import {disconnectedOn, hasRunning} from '../tasks.ts';
import {lineOf} from '../view.ts';

function closedPorts(seen: Seen, is: (target: Target) => boolean): Sighting[] {
	return targetsIn(seen.view)
		.filter(is)
		.map(({node, service, port, file, listeners}) => ({
			node: node.name,
			detail: `${service.name}, ${port}`,
			lines: [
				lineOf(
					node,
					file,
					listeners.length > 0
						? `a container of ${service.name} has ${port} on ${listeners.join(', ')} alone`
						: `no socket of a container of ${service.name} waits for ${port}`,
				),
			],
		}));
}

/** Services none of whose tasks runs, and at least so many of whose tasks say why. */
function neverRunning(pattern: RegExp, least: number): (seen: Seen) => Sighting[] {
	return ({view}) => {
		const {nodes, tasksAfter = [], services = []} = view;
		const manager = nodes.find(node => node.has('tasks'))?.name ?? '';
		return services.flatMap(({id, name}) => {
			const said = tasksAfter.filter(each => each.service === id && pattern.test(each.message));
			// A program that ends each time runs for a moment in between.
			return hasRunning(view, id) || said.length < least
				? []
				: [
						{
							node: manager,
							detail: `${name}: ${said.at(-1)!.message}`,
							lines: said.slice(0, 3).map(({message}) => lineOf(manager, `${manager}/tasks.txt`, message)),
						},
					];
		});
	};
}

/** Services whose tasks were starting in both readings: their containers have a health check that did not succeed yet. */
function neverHealthy({view}: Seen): Sighting[] {
	const {nodes, tasks = [], tasksAfter = [], services = [], members = []} = view;
	const starting = ({state, desired}: TaskView) => state === 'starting' && desired === 'running';
	const before = new Set(tasks.filter(starting).map(({id}) => id));
	return tasksAfter
		.filter(each => before.has(each.id) && starting(each) && !hasRunning(view, each.service))
		.flatMap(({id, node: on, service}) => {
			const name = services.find(each => each.id === service)?.name ?? service;
			const node = nodes.find(each => each.name === members.find(member => member.id === on)?.name);
			const [, health] =
				new RegExp(String.raw`"Health": \{\s*"Status": "(\w+)"[\s\S]*?"com\.docker\.swarm\.task\.id": "${id}"`).exec(
					node?.text('containers') ?? '',
				) ?? [];
			return node && health
				? [
						{
							node: node.name,
							detail: `${name}: ${health}`,
							lines: [lineOf(node, `${node.name}/containers.txt`, `"Health": {"Status": "${health}"`)],
						},
					]
				: [];
		});
}

/** Tasks that were to run in both readings, and for which the scheduler had no node. */
function waiting(pattern: RegExp): (seen: Seen) => Sighting[] {
	return ({view: {nodes, tasks = [], tasksAfter = [], services = []}}) => {
		const manager = nodes.find(node => node.has('tasks'))?.name ?? '';
		const waits = ({state, desired, message}: TaskView) =>
			state === 'pending' && desired === 'running' && pattern.test(message);
		const before = new Set(tasks.filter(waits).map(({id}) => id));
		return tasksAfter
			.filter(each => before.has(each.id) && waits(each))
			.map(({service, message}) => ({
				node: manager,
				detail: `${services.find(({id}) => id === service)?.name ?? service}: ${message}`,
				lines: [lineOf(manager, `${manager}/tasks.txt`, message)],
			}));
	};
}

/** Containers of tasks that are not on a network of their task. */
function disconnected({view}: Seen): Sighting[] {
	return networksOf(view).flatMap(({id, name}) =>
		disconnectedOn(view, id).flatMap(task => {
			const address = task.addresses.get(id)!;
			const member = view.members?.find(each => each.id === task.node);
			const node = view.nodes.find(each => each.name === member?.name);
			const service = view.services?.find(each => each.id === task.service)?.name ?? task.service;
			return node
				? [
						{
							node: node.name,
							detail: `${service}, ${address} on ${name}`,
							lines: [lineOf(node, `${node.name}/networks.txt`, `${name}: no container has ${address}`)],
						},
					]
				: [];
		}),
	);
}

/** Services whose update, or the rollback of one, is paused (swarmkit: manager/orchestrator/update). */
function pausedUpdates({view: {nodes, services = []}}: Seen): Sighting[] {
	const manager = nodes.find(node => node.has('services'))?.name ?? '';
	return services.flatMap(({name, paused}) =>
		paused === undefined
			? []
			: [
					{
						node: manager,
						detail: `${name}: ${paused}`,
						lines: [lineOf(manager, `${manager}/services.txt`, `"Message": "${paused}"`)],
					},
				],
	);
}

export const services: Signature[] = [
	{
		id: 'task-disconnected',
		blame: 'host',
		confidence: 'certain',
		cause:
			'A container on {nodes} was taken off a network of its task ({detail}): the managers do not know of it, and clients are still led there.',
		remedy:
			'`docker service update --force SERVICE` makes its tasks anew. Look for who calls `docker network disconnect` there.',
		requires: ['networks', 'tasks', 'nodes'],
		shows: disconnected,
		rulesOut: 'the container of each task is on all networks of its task',
	},
	{
		id: 'target-port-closed',
		blame: 'service',
		confidence: 'likely',
		cause:
			'No program in the containers on {nodes} waits for connections to the target of a published port ({detail}): the kernel there refuses each connection.',
		remedy:
			'Publish the port at which the program listens (`docker service update --publish-add published=…,target=…`), or look into `docker service logs` why it does not listen.',
		requires: ['container-network', 'services', 'tasks'],
		shows: seen => closedPorts(seen, ({listeners}) => listeners.length === 0),
		rulesOut: 'a program listens at the target of each published port',
	},
	{
		id: 'target-port-on-loopback',
		blame: 'service',
		confidence: 'likely',
		cause:
			'The program in the containers on {nodes} listens on its loopback address alone ({detail}): connections from outside of the container are refused.',
		remedy: 'Have the program listen on 0.0.0.0, or on the addresses of its networks.',
		requires: ['container-network', 'services', 'tasks'],
		shows: seen => closedPorts(seen, ({listeners}) => listeners.length > 0 && listeners.every(isLoopback)),
	},
	{
		id: 'image-not-there',
		blame: 'service',
		confidence: 'certain',
		cause: 'No task of a service runs, as its nodes do not get its image ({detail}).',
		remedy:
			'Check the name of the image, and that each node reaches its registry: `docker pull` on the node. For a private one, `docker service update --with-registry-auth`.',
		requires: ['tasks', 'services'],
		shows: neverRunning(
			/No such image|pull access denied|manifest (for .* not found|unknown)|repository does not exist/i,
			1,
		),
	},
	{
		id: 'no-node-fits',
		blame: 'service',
		confidence: 'certain',
		cause: 'A task of a service waits for a node, as none fits what it asks for ({detail}).',
		remedy:
			'Compare the constraints, the resources and the host ports of `docker service inspect` with `docker node inspect` of each node.',
		requires: ['tasks', 'services'],
		shows: waiting(/no suitable node/),
	},
	{
		id: 'health-check-fails',
		blame: 'service',
		confidence: 'likely',
		cause:
			'No task of a service is taken as running, as its health check does not succeed ({detail}): it gets no requests.',
		remedy:
			'`docker inspect` of a container shows what its health check printed (State.Health). Mend the program or `--health-cmd`, or give it more time by `--health-start-period`.',
		requires: ['tasks', 'services', 'containers'],
		shows: either(neverRunning(/unhealthy container/, 1), neverHealthy),
	},
	{
		id: 'container-not-made',
		blame: 'service',
		confidence: 'likely',
		cause: 'No task of a service runs, as its container cannot be made ({detail}).',
		remedy: 'Compare the mounts and the runtime of `docker service inspect` with what each node has.',
		requires: ['tasks', 'services'],
		shows: neverRunning(
			/invalid mount config|bind source path does not exist|error while mounting volume|unknown or invalid runtime|failed to create (shim )?task/,
			1,
		),
	},
	{
		id: 'update-paused',
		blame: 'service',
		confidence: 'likely',
		cause:
			'The update of a service is paused, as a new task of it failed ({detail}): old and new tasks answer side by side, and fewer of them.',
		remedy:
			'`docker service ps --no-trunc SERVICE` shows why tasks failed. Mend it and update again, or `docker service rollback SERVICE`.',
		requires: ['services'],
		shows: pausedUpdates,
		rulesOut: 'no update of a service is paused',
	},
	{
		id: 'program-ends',
		blame: 'service',
		confidence: 'likely',
		cause: 'No task of a service runs, as its program ends each time ({detail}).',
		remedy: '`docker service logs` of it shows what the program says before it ends.',
		requires: ['tasks', 'services'],
		unless: ['container-not-made'],
		shows: neverRunning(/non-zero exit|exec: .* not found|executable file not found|no such file or directory/, 2),
	},
];
