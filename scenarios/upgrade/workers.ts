/** Workers that get a newer engine, one after the other, while clients send requests. */
import {scenario} from 'swarmlab';
import {everyTaskAnswers, membersAre} from './proofs.ts';

scenario(
	'two workers are upgraded one after the other: their tasks come back, and answer on every node',
	{workers: 2, upgrade: true, cluster: 'fresh', limit: 1200},
	async (t, swarm) => {
		const net = await swarm.overlay({attachable: true});
		const [web, clients] = await Promise.all([
			// Its name resolves to its tasks, so the kernel needs no ip_vs.
			swarm.service({name: 'web', image: 'web', replicas: 'global', networks: [net], endpointMode: 'dnsrr'}),
			swarm.clientsOnEveryNode(net, {name: 'clients'}),
		]);
		let [requests, lost, longestGap] = [0, 0, 0];
		for (const engine of swarm.upgrades) {
			for (const worker of swarm.workers) {
				const step = `${worker.name} to ${engine.version}`;
				const senders = swarm.machines.filter(each => each !== worker).map(each => clients.at(each));
				const load = swarm.load(senders, `http://${web.name}/`);
				await swarm.members.set(worker, 'drain');
				swarm.measure(`${step}: Ready again`, await swarm.upgrade(worker, engine));
				await swarm.members.set(worker, 'active');
				await Promise.all([web.settle(), clients.settle()]);
				const during = await load.end();
				t.log(`${step}: ${during.lost} of ${during.requests} requests lost, ${JSON.stringify(during.errors)}`);
				requests += during.requests;
				lost += during.lost;
				longestGap = Math.max(longestGap, during.longestGap);
				await membersAre(t, swarm, step);
				await everyTaskAnswers(t, {swarm, web, clients, net, step});
			}
		}

		swarm.measure('requests (number)', requests);
		swarm.measure('requests lost (number)', lost);
		swarm.measure('longest gap without an answer', longestGap);
		t.true(requests > 0, 'no request was sent');
	},
);
