/** Helper containers: a registry of the distribution's, which nodes push to and pull from. */
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext, TestFn} from 'ava';
import type {CellHandle} from '../../harness/model/index.ts';
import {type DockerHost, nothingIsLeftOn, placesOn, startDockerHost} from './docker-host.ts';
import {events, forget, type Places, runFolder, swarmlab, untilEvent} from './lab.ts';
import anyTest from './real-test.ts';

const test = anyTest as TestFn<{host: DockerHost}>;
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
const options = ['--provider', 'container', '--docker', '28.5', '--no-install', '--workers', '1'];

const registry = `{
	packages: ['docker-registry'],
	command: ['docker-registry', 'serve', '/etc/swarmlab.yml'],
	env: {REGISTRY_LOG_LEVEL: 'info'},
	files: {'/etc/swarmlab.yml': 'version: 0.1\\nstorage: {filesystem: {rootdirectory: /var/lib/registry}}\\nhttp: {addr: ":5000"}\\n'},
	ports: [5000],
}`;

test.before(async t => {
	t.context.host = await startDockerHost();
});

test.after.always(async t => {
	await t.context.host?.end();
});

/** A config with these helper containers, in places of its own. */
function placesWith(t: ExecutionContext, services: string, host: DockerHost): {places: Places; config: string[]} {
	const places = placesOn(t, host);
	const file = path.join(places.root, 'swarmlab.config.mjs');
	fs.writeFileSync(file, `export default {services: ${services}};\n`);
	return {places, config: ['--config', file]};
}

test.serial('a registry is up before the cells: nodes push and pull, its log is evidence, nothing is left', async t => {
	const {host} = t.context;
	const {places, config} = placesWith(t, `{registry: ${registry}}`, host);
	const {exitCode, all} = await swarmlab(['run', fixture('pulling'), ...options, ...config], places);
	t.is(exitCode, 1, all);
	const results = events(places).flatMap(each => (each.event === 'result' ? [each.result] : []));
	t.deepEqual(
		results.map(({title, verdict}) => [title, verdict]),
		[
			['an image goes by the registry from one node to another', 'passed'],
			['a claim that does not hold', 'failed'],
		],
		all,
	);
	const log = results[1]!.evidence.find(file => file.endsWith('helpers/registry.log'));
	t.truthy(log, JSON.stringify(results[1]!.evidence));
	const text = fs.readFileSync(path.join(runFolder(places)!, log ?? ''), 'utf8');
	t.regex(text, /\/v2\/tiny\/manifests\/latest/);
	await nothingIsLeftOn(t, host, places);
	forget(places);
});

test.serial('kill -9 while nodes use a helper container: gc removes it by its label', async t => {
	const {host} = t.context;
	const {places, config} = placesWith(t, `{registry: ${registry}}`, host);
	const command = swarmlab(['run', fixture('waiting'), ...options, ...config], places);
	await untilEvent(places, command, event => event.event === 'scenario-started');
	const {Names = [], Labels = {}} =
		(await host.docker.listContainers()).find(({Names: [name]}) => name!.endsWith('-registry')) ?? {};
	t.regex(Names[0] ?? '', /^\/sl-/);
	t.regex(Labels['swarmlab.swarm'] ?? '', new RegExp(`^${path.basename(runFolder(places)!)}-helpers$`));
	command.kill('SIGKILL');
	await command;
	const gc = await swarmlab(['gc'], places);
	t.is(gc.exitCode, 0, gc.all);
	t.regex(gc.stdout, /-helpers-registry/);
	await nothingIsLeftOn(t, host, places);
	forget(places);
});

test.serial(
	'what does not come up is named with what it said, and an image that is not there with what to do',
	async t => {
		const {host} = t.context;
		const ending = `{packages: ['docker-registry'], command: ['sh', '-c', 'echo no such storage; exit 3'], ports: [5000]}`;
		const {places, config} = placesWith(t, `{ending: ${ending}, mirror: {image: 'registry:2', ports: [5000]}}`, host);
		const up = await swarmlab(['up', ...options, ...config], places);
		t.is(up.exitCode, 2, up.all);
		t.regex(up.all ?? '', /does not have registry:2, the image of the helper container mirror/);
		t.regex(up.all ?? '', /docker pull registry:2/);
		await nothingIsLeftOn(t, host, places);
		fs.writeFileSync(config[1]!, `export default {services: {ending: ${ending}}};\n`);
		const again = await swarmlab(['up', ...options, ...config], places);
		t.is(again.exitCode, 2, again.all);
		t.regex(
			again.all ?? '',
			/The helper container ending did not come up: it has ended with exit code 3.*\n.*no such storage/,
		);
		await nothingIsLeftOn(t, host, places);
		forget(places);
	},
);

test.serial(
	'by hand: helper containers are up when a line of their log says so, stay up with the swarm, and go with it',
	async t => {
		const {host} = t.context;
		const ready = `ready: {log: '^time=.* msg="listening on'},\n}`;
		const {places, config} = placesWith(t, `{registry: ${registry.replace(/}$/, ready)}}`, host);
		const up = await swarmlab(['up', ...options, '--workers', '0', '--json', ...config], places);
		t.is(up.exitCode, 0, up.all);
		const {helpers = []} = JSON.parse(up.stdout) as CellHandle;
		t.like(helpers[0], {name: 'registry'});
		const asked = await swarmlab(['exec', 'm1', '--', 'curl', '-sSi', 'http://registry:5000/v2/'], places);
		t.regex(asked.stdout, /^HTTP\/1\.1 200 OK/, asked.all);
		t.regex(fs.readFileSync(helpers[0]!.log, 'utf8'), /GET \/v2\//);
		const down = await swarmlab(['down'], places);
		t.is(down.exitCode, 0, down.all);
		await nothingIsLeftOn(t, host, places);
		forget(places);
	},
);
