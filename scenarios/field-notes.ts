/**
 * The walk-through of the field notes: two nginx, each serving the content of its own node by a bind mount, behind a VIP
 * and on port 8091. There every second request hung; here both must answer in turn.
 */
import {quoteAll, scenario} from 'swarmlab';

const folder = '/root/dockertest/staticcontents';
const port = 8091;

scenario(
	'two nginx with the content of their nodes answer in turn, behind a VIP and on port 8091 of every node',
	{workers: 1, kernel: ['ip_vs']},
	async (t, swarm) => {
		const [first, second] = swarm.machines;
		swarm.undo.add('remove the content', () =>
			Promise.all(swarm.machines.map(machine => machine.exec(['rm', '-rf', '/root/dockertest']))),
		);
		await Promise.all(
			swarm.machines.map(machine =>
				machine.run(`mkdir -p ${folder} && ${quoteAll(['echo', page(machine.name)])} > ${folder}/index.html`),
			),
		);

		const net = await swarm.overlay({name: 'mynet1'});
		const [nginx, client] = await Promise.all([
			swarm.service({
				name: 'mynginx',
				image: 'web',
				replicas: 2,
				networks: [net],
				mounts: [{source: folder, target: '/usr/share/nginx/html', readOnly: true}],
				publish: [{target: 80, published: port}],
				// One on each of two nodes, as the two machines of the notes had it.
				constraints: swarm.machines.slice(2).map(({name}) => `node.hostname!=${name}`),
			}),
			swarm.clientService(net, {name: 'myclient', machine: swarm.manager}),
		]);
		t.deepEqual(nginx.tasks.map(({node}) => node).sort(), [first!.name, second!.name].sort());

		const resolved = await client.resolve(nginx.name);
		t.deepEqual(resolved.addresses, [await nginx.vip(net)], 'dig mynginx');

		const inside = await client.get(`http://${nginx.name}/`, {connections: 10});
		t.deepEqual(inside.failures, [], `curl mynginx: ${inside.describe()}`);
		t.true(alternates(inside.all.map(({body}) => body)), inside.all.map(({body}) => body).join(''));
		t.deepEqual(pages(inside.all), [page(first!.name), page(second!.name)].sort());

		await Promise.all(
			swarm.machines.map(async (machine, index) => {
				const outside = await swarm
					.outside(swarm.machines.at(index - 1)!)
					.get(`http://${machine.address}:${port}/`, {connections: 6});
				t.deepEqual(outside.failures, [], `curl ${machine.name}:${port}: ${outside.describe()}`);
				t.true(alternates(outside.all.map(({body}) => body)), outside.all.map(({body}) => body).join(''));
				t.deepEqual(pages(outside.all), [page(first!.name), page(second!.name)].sort());
			}),
		);
	},
);

function page(node: string): string {
	return `<p>hello world, i am ${node}</p>`;
}

function pages(answers: ReadonlyArray<{body: string}>): string[] {
	return [...new Set(answers.map(({body}) => body.trim()))].sort();
}

function alternates(bodies: readonly string[]): boolean {
	return bodies.every((body, index) => index === 0 || body !== bodies[index - 1]);
}
