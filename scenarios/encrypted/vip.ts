/** An encrypted overlay: what it carries, and what is seen of it on the wire. */
import {scenario} from 'swarmlab';

/** Seconds that tcpdump looks at the wire at most. It is stopped when the requests are done. */
const watchSeconds = 120;

scenario(
	'an encrypted overlay carries a VIP from every node, in turn, and no request is readable on the wire',
	{workers: 1, kernel: ['ip_vs']},
	async (t, swarm) => {
		const net = await swarm.overlay({options: {encrypted: ''}});
		const [web, clients] = await Promise.all([
			swarm.service({image: 'web', replicas: 'global', networks: [net]}),
			swarm.clientsOnEveryNode(net),
		]);

		// Only what leaves: the kernel shows tcpdump what ESP brought once more in the clear, when it has come in.
		const watch = (filter: string, out: string) =>
			`timeout ${watchSeconds} tcpdump -Q out -lAni any '${filter}' > ${out} 2>/dev/null & echo $! > ${out}.pid; `;
		await Promise.all(
			swarm.machines.map(machine =>
				machine.run(`${watch('udp port 4789', '/root/clear')}${watch('esp', '/root/esp')}sleep 2`),
			),
		);
		for (const client of clients) {
			const answers = await client.get(`http://${web.name}/`, {connections: 4 * web.tasks.length});
			t.deepEqual(answers.failures, [], `${client.node}: ${answers.describe()}`);
			t.true(answers.isRoundRobinOver(web.tasks), `${client.node}: ${answers.describe()}`);
		}

		for (const machine of swarm.machines) {
			await machine.run('sleep 1; kill $(cat /root/clear.pid /root/esp.pid); sleep 1');
			const readable = (await machine.exec("grep -ac 'GET /' /root/clear")).stdout.trim();
			t.is(readable, '0', `${machine.name} sent requests in the clear`);
			const esp = (await machine.exec("grep -c ' ESP(' /root/esp")).stdout.trim();
			t.log(`${machine.name} sent ${esp} packets of ESP`);
			t.true(Number(esp) > 0, `${machine.name} sent nothing as ESP`);
		}
	},
);
