/** An encrypted overlay: what it carries, and what is seen of it on the wire. */
import {scenario} from 'swarmlab';

/** Seconds after which tcpdump ends by itself. It is ended when the requests are done. */
const watchSeconds = 600;
const folder = '/root/encrypted';

/** Starts to print what leaves a node. What ESP brought, tcpdump sees once more in the clear, when it has come in: that is left out. */
const watch = (filter: string, name: string) =>
	`timeout ${watchSeconds} tcpdump -Q out -lAni any '${filter}' > ${folder}/${name} 2> ${folder}/${name}.log & echo $! >> ${folder}/pids; until grep -q 'listening on' ${folder}/${name}.log; do sleep 0.1; done`;

scenario(
	'an encrypted overlay carries a VIP from every node, in turn, and no request is readable on the wire',
	{workers: 1, kernel: ['ip_vs']},
	async (t, swarm) => {
		const net = await swarm.overlay({options: {encrypted: ''}});
		const [web, clients] = await Promise.all([
			swarm.service({image: 'web', replicas: 'global', networks: [net]}),
			swarm.clientsOnEveryNode(net),
		]);

		swarm.undo.add('end tcpdump', () =>
			Promise.all(swarm.machines.map(machine => machine.exec(`kill $(cat ${folder}/pids); rm -r ${folder}`))),
		);
		await Promise.all(
			swarm.machines.map(machine =>
				machine.run(`mkdir -p ${folder}\n${watch('udp port 4789', 'clear')}\n${watch('esp', 'esp')}`),
			),
		);
		for (const client of clients) {
			const answers = await client.get(`http://${web.name}/`, {connections: 4 * web.tasks.length});
			t.deepEqual(answers.failures, [], `${client.node}: ${answers.describe()}`);
			t.true(answers.isRoundRobinOver(web.tasks), `${client.node}: ${answers.describe()}`);
		}

		for (const machine of swarm.machines) {
			const count = async (text: string, name: string) =>
				Number((await machine.exec(`grep -ac '${text}' ${folder}/${name}`)).stdout);
			t.is(await count('GET /', 'clear'), 0, `${machine.name} sent requests in the clear`);
			const esp = await count(' ESP(', 'esp');
			t.log(`${machine.name} sent ${esp} packets of ESP`);
			t.true(esp > 0, `${machine.name} sent nothing as ESP`);
		}
	},
);
