/** `swarmlab/containers`, as docs/containers.md shows it: in an empty folder with node:test, and when the process is killed. */
import fs from 'node:fs';
import path from 'node:path';
import type {TestFn} from 'ava';
import {execa} from 'execa';
import {packageRoot} from '../../harness/package.ts';
import {type DockerHost, nothingIsLeftOn, placesOn, startDockerHost} from './docker-host.ts';
import {forget, ownPlaces, type Places, processesIn, remains, swarmlab} from './lab.ts';
import anyTest from './real-test.ts';

const test = anyTest as TestFn<{host: DockerHost}>;

test.before(async t => {
	t.context.host = await startDockerHost();
});

test.after.always(async t => {
	await t.context.host?.end();
});

/** A folder of a user's, in which the package is a link. */
function userFolder(places: Places, files: Record<string, string>): string {
	const folder = path.join(places.root, 'my tests');
	fs.mkdirSync(path.join(folder, 'node_modules'), {recursive: true});
	fs.symlinkSync(packageRoot, path.join(folder, 'node_modules', 'swarmlab'));
	fs.writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
	for (const [name, text] of Object.entries(files)) {
		fs.writeFileSync(path.join(folder, name), text);
	}

	return folder;
}

test.serial('the example of docs/containers.md compiles, and passes with node:test in an empty folder', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const page = fs.readFileSync(path.join(packageRoot, 'docs/containers.md'), 'utf8');
	const [, example] = /```ts\n([\s\S]*?)```/.exec(page)!;
	const folder = userFolder(places, {'example.test.ts': example!});
	const compiled = await execa(
		path.join(packageRoot, 'node_modules/.bin/tsc'),
		[
			...['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2024', '--lib', 'es2024,esnext.disposable'],
			...['--module', 'nodenext', '--allowImportingTsExtensions', '--erasableSyntaxOnly'],
			...['--types', 'node', '--typeRoots', path.join(packageRoot, 'node_modules/@types'), 'example.test.ts'],
		],
		{cwd: folder, reject: false, all: true},
	);
	t.is(compiled.exitCode, 0, compiled.all);
	const {exitCode, all} = await execa(process.execPath, ['--test', '--test-reporter=tap'], {
		cwd: folder,
		env: places.env,
		reject: false,
		all: true,
	});
	t.is(exitCode, 0, all);
	t.regex(all, /^# pass 2$/m);
	await nothingIsLeftOn(t, host, places);
	t.deepEqual(fs.readdirSync(folder).sort(), ['example.test.ts', 'node_modules', 'package.json']);
	forget(places);
});

const program = `
import {EngineContainer, SwarmContainer} from 'swarmlab/containers';
const engine = await new EngineContainer('28.5').start();
const swarm = await new SwarmContainer('28.5').withWorkers(0).start();
console.log(swarm.nodes.map(({name}) => name).join(), engine.dockerHost);
setInterval(() => {}, 1e6);
`;

test.serial('a program that is killed leaves containers that gc removes', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const folder = userFolder(places, {'program.ts': program});
	const running = execa(process.execPath, ['program.ts'], {cwd: folder, env: places.env, reject: false, all: true});
	let said = '';
	await new Promise<void>(resolve => {
		running.all.on('data', (text: Buffer) => {
			said += text.toString();
			if (said.includes('m1 unix:///')) {
				resolve();
			}
		});
		running.all.once('end', resolve);
	});
	t.regex(said, /^m1 unix:\/\/\//m);
	const down = await swarmlab(['down'], places);
	t.regex(down.all ?? '', /nothing is up/, 'what a program has started is not taken down by hand');
	running.kill('SIGKILL');
	await running;
	t.is((await host.docker.listContainers()).length, 2);
	const gc = await swarmlab(['gc'], places);
	t.is(gc.exitCode, 0, gc.all);
	await nothingIsLeftOn(t, host, places);
	forget(places);
});

const together = `
import {EngineContainer, SwarmContainer} from 'swarmlab/containers';
const before = process.env.SWARMLAB_LEASE;
const [engine, swarm] = await Promise.all([new EngineContainer('28.5').start(), new SwarmContainer('28.5').withWorkers(0).start()]);
await engine.stop();
const {Version} = await swarm.manager.docker().version();
console.log('the other one answers:', Version, process.env.SWARMLAB_LEASE === before);
await swarm.stop();
`;

test.serial('of two that start at once, each goes alone', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const folder = userFolder(places, {'program.ts': together});
	const {exitCode, all} = await execa(process.execPath, ['program.ts'], {
		...{cwd: folder, env: places.env, reject: false, all: true},
	});
	t.is(exitCode, 0, all);
	t.regex(all, /^the other one answers: 28\.5\S* true$/m);
	await nothingIsLeftOn(t, host, places);
	forget(places);
});

test('a Docker host that does not answer is named, and nothing is left', async t => {
	const places = ownPlaces({DOCKER_HOST: 'unix:///nowhere/docker.sock'});
	const text = `import {SwarmContainer} from 'swarmlab/containers';\nawait new SwarmContainer('28.5').start();\n`;
	const folder = userFolder(places, {'program.ts': text});
	const {exitCode, all} = await execa(process.execPath, ['program.ts'], {
		...{cwd: folder, env: places.env, reject: false, all: true},
	});
	t.is(exitCode, 1, all);
	t.regex(all, /The Docker host unix:\/\/\/nowhere\/docker\.sock does not answer/);
	t.deepEqual(processesIn(places), []);
	t.deepEqual(remains(places), []);
	forget(places);
});
