/** The files that `swarmlab init` writes. Pure. */
import type {Answers} from './answers.ts';
import {ciFile} from './ci.ts';

export interface NewFile {
	/** From the folder. */
	name: string;
	text: string;
	/** What it is for, in a few words. */
	use: string;
}

/** What is known of the folder. */
export interface Folder {
	/** Whether Node takes its `.ts` files as modules: its package.json says `"type": "module"`. */
	isModule: boolean;
	/** Names that are there already. */
	has: (name: string) => boolean;
}

/** The scenario that fails: run only when it is named. */
export const onPurpose = 'scenarios/on-purpose/fails';

/** Returns the files, in the order in which they are shown. */
export function filesOf(answers: Answers, folder: Folder): NewFile[] {
	// Everywhere else Node or a compiler takes `.ts` for CommonJS.
	const extension = folder.isModule ? 'ts' : 'mts';
	const ci = ciFile(answers.ci, folder);
	return [
		{
			name: `swarmlab.config.${extension}`,
			text: config(answers, extension),
			use: 'the kernels, engines and machines on which scenarios are proven',
		},
		{name: `scenarios/first.${extension}`, text: first, use: 'a claim that holds'},
		{
			name: `${onPurpose}.${extension}`,
			text: fails(extension),
			use: 'a claim that does not hold, to see what a failure shows; it is run only when it is named',
		},
		...(ci ? [ci] : []),
		...(folder.has('.gitignore')
			? []
			: [{name: '.gitignore', text: 'node_modules/\nreports/runs/\n', use: 'keeps runs out of Git'}]),
	];
}

function config({provider, engines}: Answers, extension: string): string {
	const list = (words: readonly string[]) =>
		`[${words.map(word => JSON.stringify(word).replaceAll('"', "'")).join(', ')}]`;
	return `/** What is proven on what. Every field: node_modules/swarmlab/docs/configuration.md. */
import {defineConfig} from 'swarmlab/config';

export default defineConfig({
	providers: ${list([provider])},
	// 'default' is what this host's own release ships. \`swarmlab kernels\` and \`swarmlab engines\` list what else there is.
${provider === 'container' ? '' : "\tkernels: ['default'],\n"}\tengines: ${list(engines)},
	topologies: [{managers: 1, workers: 1}],
	// Files in folders below are proven when they are named.
	scenarios: ['scenarios/*.${extension}'],
});
`;
}

const first = `/** A first claim, and it holds: change it, and see. All that a scenario can do: node_modules/swarmlab/README.md. */
import {scenario} from 'swarmlab';

scenario('a service answers by its name, from every node', {workers: 1}, async (t, swarm) => {
	const net = await swarm.overlay();
	// Its name resolves to the addresses of its tasks. One virtual address for all of them is the usual way (leave out
	// endpointMode): that needs IPVS, so such a claim says {workers: 1, kernel: ['ip_vs']}.
	const site = await swarm.service({name: 'site', image: 'web', replicas: 2, networks: [net], endpointMode: 'dnsrr'});
	const clients = await swarm.clientsOnEveryNode(net);
	for (const client of clients) {
		const answers = await client.get(\`http://\${site.name}/\`, {connections: 4});
		t.deepEqual(answers.failures, [], \`\${client.node}: \${answers.describe()}\`);
	}
});
`;

function fails(extension: string): string {
	return `/**
 * A claim that does not hold: two nodes cannot run three tasks without sharing. \`swarmlab run\` leaves this file out, as the
 * config does not name its folder. Name it, and see what a failure shows, in the terminal and in the page of the run:
 *
 *     npx --no swarmlab run ${onPurpose}.${extension}
 *
 * Delete it when you have seen it.
 */
import {scenario} from 'swarmlab';

scenario('three tasks never share a node', {workers: 1}, async (t, swarm) => {
	const site = await swarm.service({name: 'crowded', image: 'web', replicas: 3});
	const nodes = site.tasks.map(task => task.node);
	t.is(new Set(nodes).size, site.tasks.length, \`the tasks are on \${nodes.join(', ')}\`);
});
`;
}
