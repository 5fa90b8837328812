/**
 * moby/moby#43430 “internal network DNS lookup should not timeout with unknown hostnames”, moby/moby#34747: where no server
 * outside answered, the engine's resolver answered nothing. Mended by e6258e6590 (moby PR 44664), in 24.0.0.
 */
import {scenario} from 'swarmlab';

scenario(
	'an unknown name on an internal network has an answer at once',
	{
		issue: 'moby/moby#43430',
		expected: [{fails: '<24', because: 'mended by e6258e6590 in 24.0.0'}],
		steps: [
			'm1: docker network create -d overlay --internal i',
			'm1: docker service create -q --name c --network i --endpoint-mode dnsrr swarmlab/toolbox sleep 1d',
		],
	},
	async (t, swarm) => {
		const {stdout} = await swarm.manager.exec(
			'docker exec $(docker ps -qf label=com.docker.swarm.service.name=c) dig +time=3 +tries=1 nosuch.example',
		);
		t.log(stdout);
		if (!stdout.includes('DiG')) {
			throw new Error('dig did not run');
		}

		t.regex(stdout, /status: (SERVFAIL|REFUSED|NXDOMAIN)/);
	},
);
