/** Plain containers on overlays: what the field notes tried first, and what came of it. */
import {scenario} from 'swarmlab';
import {webs} from './fixtures.ts';

scenario('a plain container is refused on an overlay that is not attachable', {}, async (t, swarm) => {
	const net = await swarm.overlay();
	await t.throwsAsync(swarm.plainContainer(swarm.manager, net), {
		// Since 1.13; before, the engine said that a swarm-scoped network is not compatible with `docker run`.
		message: /not manually attachable|not compatible with/,
	});
});

scenario(
	'a plain container on an attachable overlay reaches a service by its name',
	{workers: 1, engine: '1.13', kernel: ['ip_vs'], fixture: webs},
	async (t, swarm, {net, web}) => {
		const client = await swarm.plainContainer(swarm.machines.at(-1)!, net);
		const answers = await client.get(`http://${web.name}/`, {connections: 2 * web.tasks.length});
		t.deepEqual(answers.failures, [], answers.describe());
		t.true(answers.isRoundRobinOver(web.tasks), answers.describe());
	},
);
