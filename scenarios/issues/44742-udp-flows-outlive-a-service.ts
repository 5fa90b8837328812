/**
 * moby/moby#44742, moby/moby#44688, moby/moby#8795: a flow of UDP that began before its port was published never reaches the service,
 * as its entry of conntrack stays. Mended for ports of mode host by b37d34307d, in 23.0.0.
 */
import {scenario} from 'swarmlab';

scenario(
	'a flow of UDP that began earlier reaches the service that publishes its port',
	{
		issue: 'moby/moby#44742',
		expected: [{fails: '<23', because: 'mended by b37d34307d in 23.0.0'}],
		workers: 2,
		steps: [
			"w2: docker run -d --network host swarmlab/toolbox sh -c 'while :; do dig -b 0.0.0.0#40000 +tries=1 +time=1 @{w1} -p 5514 x; sleep 0.2; done'; sleep 3",
			'm1: docker service create -q --name u --constraint node.hostname==w1 --publish mode=host,published=5514,target=5514,protocol=udp swarmlab/toolbox sleep 1d',
		],
	},
	async (t, swarm) => {
		const seen = await swarm
			.machine('w1')
			.exec(
				"nsenter -t $(docker inspect -f '{{.State.Pid}}' $(docker ps -qf label=com.docker.swarm.service.name=u)) -n timeout 15 tcpdump -lni any -c1 udp port 5514",
				{timeout: 40},
			);
		t.log(seen.stdout);
		t.regex(seen.stdout, /\.40000 > .*\.5514/);
	},
);
