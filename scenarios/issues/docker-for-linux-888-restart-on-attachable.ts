/**
 * docker/for-linux#888, distribution/distribution#3301: docker restart of the last container on an attachable overlay fails each second
 * time, as the network goes away meanwhile.
 */
import {scenario} from 'swarmlab';

scenario(
	'docker restart of the only container on an attachable overlay works four times',
	{
		issue: 'docker/for-linux#888',
		expected: 'unknown',
		workers: 1,
		steps: [
			'm1: docker network create -d overlay --attachable att',
			'w1: docker run -d --name fc --network att swarmlab/toolbox sleep 1d',
		],
	},
	async (t, swarm) => {
		for (const number of [1, 2, 3, 4]) {
			const {exitCode, stderr} = await swarm.machine('w1').exec('docker restart -t 1 fc');
			t.is(exitCode, 0, `restart ${number}: ${stderr}`);
		}
	},
);
