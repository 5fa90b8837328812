/**
 * docker/docs#9917, moby/moby#34139: a node that is drained stops its tasks first, and only then are others started. A service
 * with one task has a gap. By design in all engines.
 */
import {scenario} from 'swarmlab';

scenario(
	'a service of one task answers each request while the node of its task is drained',
	{
		issue: 'docker/docs#9917',
		expected: [{fails: '*', because: 'a manager stops the tasks of a drained node before it starts others'}],
		workers: 2,
		steps: [
			'm1: docker network create -d overlay n',
			'm1: docker service create -q --name site --network n --endpoint-mode dnsrr --constraint node.role==worker swarmlab/web',
			'm1: docker service create -q --name c --network n --endpoint-mode dnsrr --constraint node.hostname==m1 swarmlab/toolbox sleep 1d',
			"m1: until docker exec $(docker ps -qf label=com.docker.swarm.service.name=c) curl -s -m 2 -o /dev/null http://site/; do sleep 1; done; docker service ps --format '{{.Node}}' site > /root/node; cat /root/node",
		],
	},
	async (t, swarm) => {
		// 10 requests before the drain, and requests until ten in a row were answered after it, or for 60 s.
		const loop = `good=0; end=$((SECONDS+60)); n=0; while [ $SECONDS -lt $end ]; do n=$((n+1)); [ $n = 10 ] && touch /drain
			if curl -s -m 1 -o /dev/null http://site/; then good=$((good+1)); else good=0; date +%s.%N; fi
			[ $n -gt 20 ] && [ $good -ge 10 ] && break; sleep 0.2; done; echo requests $n`;
		const inside = 'docker exec $(docker ps -qf label=com.docker.swarm.service.name=c)';
		const [asked] = await Promise.all([
			swarm.manager.run(`${inside} bash -c '${loop}'`, {timeout: 90}),
			swarm.manager.run(
				`until ${inside} test -e /drain; do sleep 0.2; done; docker node update --availability drain $(cat /root/node)`,
			),
		]);
		const lost = asked.split('\n').filter(line => /^\d+\.\d+$/.test(line));
		const gap = lost.length > 1 ? Number(lost.at(-1)) - Number(lost[0]) : 0;
		t.log(`${asked.trim().split('\n').at(-1)}, ${lost.length} without an answer, over ${gap.toFixed(1)} s`);
		t.deepEqual(lost, []);
	},
);
