/**
 * moby/moby#29276, reported for 1.13 and open: after each `docker restart` of a container, its node was among the peers of the overlay
 * once more, as `docker network inspect` shows them.
 */
import {scenario} from 'swarmlab';

scenario(
	'a node is once among the peers of an overlay, however often its container is restarted',
	{
		issue: 'moby/moby#29276',
		expected: [],
		workers: 1,
		steps: [
			'm1: docker network create -d overlay --attachable att',
			'm1: docker run -d --name keeps --network att swarmlab/toolbox sleep 1d',
			// Without a second one w1 would leave the network, which fails on 20.10.5 by itself: docker/for-linux#888.
			'w1: docker run -d --name stays --network att swarmlab/toolbox sleep 1d',
			'w1: docker run -d --name agent --network att swarmlab/toolbox sleep 1d',
		],
	},
	async (t, swarm) => {
		for (const number of [1, 2, 3]) {
			const {exitCode, stderr} = await swarm.machine('w1').exec('docker restart -t 1 agent');
			t.is(exitCode, 0, `restart ${number}: ${stderr}`);
		}

		const address = swarm.machine('w1').address;
		for (const machine of [swarm.manager, swarm.machine('w1')]) {
			const peers = await machine.run("docker network inspect -f '{{range .Peers}}{{.IP}} {{end}}' att");
			t.log(`peers on ${machine.name}: ${peers.trim()}`);
			t.is(
				peers.split(/\s+/).filter(each => each === address).length,
				1,
				`w1 among the peers that ${machine.name} has`,
			);
		}
	},
);
