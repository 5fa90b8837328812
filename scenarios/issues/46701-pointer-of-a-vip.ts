/**
 * moby/moby#46701: the PTR of a virtual address on an internal network has no answer. Mended with moby/moby#43430, by
 * e6258e6590 (moby PR 44664), in 24.0.0.
 */
import {scenario} from 'swarmlab';

scenario(
	'the name that belongs to a virtual address of an internal network has an answer at once',
	{
		issue: 'moby/moby#46701',
		expected: [{fails: '<24', because: 'mended by e6258e6590 in 24.0.0'}],
		steps: [
			'm1: docker network create -d overlay --internal i',
			'm1: docker service create -q --name site --network i swarmlab/web',
			'm1: docker service create -q --name c --network i swarmlab/toolbox sleep 1d',
		],
	},
	async (t, swarm) => {
		const inside = 'docker exec $(docker ps -qf label=com.docker.swarm.service.name=c)';
		const vip = (await swarm.manager.run(`${inside} dig +short site.`)).trim();
		if (!/^\d/.test(vip)) {
			throw new Error('site has no address');
		}

		const {stdout} = await swarm.manager.exec(`${inside} dig +time=3 +tries=1 -x ${vip}`);
		t.log(stdout);
		t.regex(stdout, /status: [A-Z]+/);
	},
);
