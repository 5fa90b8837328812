/**
 * moby/moby#43528 “docker swarm network alias on service with replica > 1 doesn't get removed when switching alias to another service”,
 * reported for 20.10.14 and closed. The resolver answers with the addresses of both services.
 */
import {scenario} from 'swarmlab';

/** The stack of the report, with the alias on one of its services. */
function stack(owner: 'api' | 'hola'): string {
	const service = (name: string, replicas: number) =>
		`${name}: {image: swarmlab/toolbox, command: sleep 1d, deploy: {replicas: ${replicas}}, networks: {default: ${name === owner ? '{aliases: [testalias]}' : ''}}}`;
	return `{version: "3.8", networks: {default: {attachable: true}}, services: {${service('api', 2)}, ${service('hola', 1)}}}`;
}

const settled =
	"until [ \"$(docker stack services --format '{{.Replicas}}' x | sort | tr '\\n' ' ')\" = '1/1 2/2 ' ]; do sleep 1; done; for s in api hola; do until docker service inspect -f '{{if .UpdateStatus}}{{.UpdateStatus.State}}{{else}}completed{{end}}' x_$s | grep -q completed; do sleep 1; done; done";

scenario(
	'an alias that was moved to another service resolves to that service alone',
	{
		issue: 'moby/moby#43528',
		expected: [{fails: '*', because: 'reported for 20.10.14, and seen with 20.10.24 and 28.5.2'}],
		steps: [
			`m1: echo '${stack('api')}' > /root/one.yml; echo '${stack('hola')}' > /root/two.yml`,
			`m1: docker stack deploy -c /root/one.yml x; ${settled}`,
			'm1: docker run -d --name look --network x_default swarmlab/toolbox sleep 1d; docker exec look dig +short testalias',
			`m1: docker stack deploy -c /root/two.yml x; ${settled}`,
		],
	},
	async (t, swarm) => {
		const addresses = async (name: string) =>
			(await swarm.manager.run(`docker exec look dig +short ${name} | sort`)).trim().replaceAll('\n', ' ');
		const hola = await addresses('hola');
		await swarm.waitUntil(
			'testalias has the address of hola alone',
			async () => {
				const seen = await addresses('testalias');
				return seen === hola
					? {done: true, value: undefined}
					: {done: false, seen: `testalias is ${seen}, hola is ${hola}`};
			},
			{limit: 30},
		);
		t.pass();
	},
);
