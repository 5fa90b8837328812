/**
 * moby/moby#31208: a connection through a virtual address breaks after 900 s without traffic, when IPVS forgets it. Here the time is 10 s:
 * ipvsadm --set 10. By design in all engines.
 */
import {scenario} from 'swarmlab';

scenario(
	'a connection through a virtual address that was idle for longer than IPVS remembers it still works',
	{
		issue: 'moby/moby#31208',
		expected: [{fails: '*', because: 'IPVS forgets a flow after its timeout, and resets what comes later'}],
		kernel: ['ip_vs'],
		steps: [
			'm1: docker network create -d overlay n',
			'm1: docker service create -q --name site --network n swarmlab/web',
			'm1: docker service create -q --name c --network n swarmlab/toolbox sleep 1d',
			'm1: for f in /var/run/docker/netns/lb_*; do nsenter --net=$f ipvsadm --set 10 10 10; done',
		],
	},
	async (t, swarm) => {
		const talk = 'exec 3<>/dev/tcp/site/80; sleep 25; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; timeout 10 head -n1 <&3';
		const {stdout, stderr} = await swarm.manager.exec(
			`docker exec $(docker ps -qf label=com.docker.swarm.service.name=c) bash -c '${talk}'`,
		);
		t.log(`${stdout}${stderr}`);
		t.regex(stdout, /^HTTP\/1\.\d 200/);
	},
);
