/** Nodes as containers of a real Docker host, which is a dockerd in a network namespace of its own. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext, TestFn} from 'ava';
import {execa} from 'execa';
import type {HostStatus} from '../../harness/commands/status-read.ts';
import {NotProvenError} from '../../harness/errors.ts';
import {follow, Machine} from '../../harness/machine/index.ts';
import type {CellHandle, MachineHandle, Result} from '../../harness/model/index.ts';
import {modulesOn} from '../../harness/providers/container/modules.ts';
import {AgreementReader, AgreementWatch, lookForDisagreements, untilAgreed} from '../../harness/scenario/agreement.ts';
import {checkerOf} from '../schemas.ts';
import {type DockerHost, nothingIsLeftOn, placesOn, startDockerHost} from './docker-host.ts';
import {events, forget, ownPlaces, type Places, runFolder, swarmlab} from './lab.ts';
import anyTest from './real-test.ts';

const test = anyTest as TestFn<{host: DockerHost}>;
const report = fileURLToPath(new URL('fixtures/report.ts', import.meta.url));
const endless = fileURLToPath(new URL('fixtures/endless-steps.ts', import.meta.url));
const waiting = fileURLToPath(new URL('fixtures/waiting.ts', import.meta.url));

/** One engine is enough: what engines differ in is theirs. */
const engine = ['--provider', 'container', '--docker', '28.5', '--no-install'];

test.before(async t => {
	t.context.host = await startDockerHost();
});

test.after.always(async t => {
	await t.context.host?.end();
});

test.serial('every claim is proven, or skipped for what the kernel of the Docker host lacks', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const {exitCode, all} = await swarmlab(['run', ...engine], places);
	t.is(exitCode, 0, all);
	const results = events(places).flatMap(each => (each.event === 'result' ? [each.result] : []));
	const of = (verdict: Result['verdict']) => results.filter(each => each.verdict === verdict);
	t.deepEqual([...of('failed'), ...of('broken')], []);
	t.deepEqual(
		results.flatMap(({title, disagreements = []}) => disagreements.map(({says}) => `${title}: ${says}`)),
		[],
	);
	t.true(of('passed').length >= 13, all);
	const {KernelVersion} = await host.docker.info();
	for (const {title, reason} of of('skipped')) {
		t.regex(reason?.message ?? '', new RegExp(`^kernel ${KernelVersion} lacks ip_vs`), title);
	}

	// Of a kernel that has it nothing is skipped.
	const lacks = of('skipped').length > 0;
	t.is(
		of('passed').some(({title}) => title.startsWith('a service VIP spreads')),
		!lacks,
	);
	await nothingIsLeftOn(t, host, places);
	forget(places);
});

test.serial(
	'a swarm of two engines: each node has its own, and an upgrade takes every manager to the newer one',
	async t => {
		const {host} = t.context;
		const places = placesOn(t, host);
		const mixed = ['--provider', 'container', '--no-install', '--docker', '28.5,m2=20.10', '--upgrade', '28.5'];
		const claims = ['scenarios/formation.ts', 'scenarios/upgrade'];
		const size = ['--managers', '3', '--workers', '0', '--memory', '512'];
		const {exitCode, all} = await swarmlab(['run', ...claims, ...mixed, ...size], places);
		t.is(exitCode, 0, all);
		t.deepEqual(events(places).flatMap(checkerOf('record-line')), []);
		const results = events(places).flatMap(each => (each.event === 'result' ? [each.result] : []));
		const upgraded = results.find(({title}) => title.endsWith('and answers on every node'))!;
		t.is(upgraded.verdict, 'passed', all);
		t.true(upgraded.metrics['requests (number)']! > 0);
		// On each node a change was accepted without it, and the swarm was not used again.
		for (const name of ['m1', 'm2', 'm3']) {
			const metric = Object.keys(upgraded.metrics).find(
				key => key.startsWith(`${name} to 28.5`) && /accepted/.test(key),
			);
			t.truthy(metric, name);
			t.true(
				upgraded.log.some(line => line.includes(`${name} has Docker 28.5`)),
				name,
			);
			const console = fs.readFileSync(path.join(machinesIn(places), name, 'console.log'), 'utf8');
			t.is(console.match(/^swarmlab: node up$/gm)?.length, 2, `${name} came up twice: ${console}`);
		}

		t.regex(results[0]!.cell, /^container-khost-d28\.5\.\d+-d20\.10\.\d+_m2-3m0w-512MiB-to-28\.5\.\d+$/);
		await nothingIsLeftOn(t, host, places);
		forget(places);
	},
);

test.serial(
	'a report is reproduced on machines of its own, a known failure is not red, and the block has its lines',
	async t => {
		const {host} = t.context;
		const places = placesOn(t, host);
		const {exitCode, stdout, all} = await swarmlab(['reproduce', report, endless, ...engine, '--repeat', '1'], places);
		// The second one could not be told.
		t.is(exitCode, 2, all);
		t.regex(stdout, /its step ends[\s\S]*\| \*\*could not tell\*\* \| {2}\| unknown \|/);
		t.regex(stdout, /\*\*reproduced, 1 of 1\*\* \| 21–100 % \| fails \|/);
		t.regex(stdout, /\*\*not reproduced, 0 of 1\*\* \| 0–79 % \| passes \|/);
		t.regex(stdout, /m1# echo 10\.\S+ > \/root\/address\n/);
		t.regex(stdout, /w1# echo seen from 10\.\S+\nseen from 10\./, 'a step has the content of a file of another node');
		t.regex(stdout, /Docker 28\.5\.\d+: `docker\.io 28\.5/);
		t.true(stdout.includes(fs.readFileSync(path.join(runFolder(places)!, 'issue.md'), 'utf8').trim()));
		t.regex(all, /moby\/moby#2 is expected to fail with Docker <1, and no such engine can be had here/);
		await nothingIsLeftOn(t, host, places);
		forget(places);
	},
);

test.serial('images of nodes that no run will use again are removed by images prune, and no others', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const tags = async () => (await host.docker.listImages()).flatMap(({RepoTags}) => RepoTags ?? []).sort();
	const before = await tags();
	const present = before.find(tag => tag.startsWith('swarmlab/engine:'))!;
	const old = `swarmlab/engine:${'0'.repeat(24)}-abcdef`;
	for (const name of [old, 'somebody/engine:1']) {
		const [repo = '', tag = ''] = name.split(':');
		await host.docker.getImage(present).tag({repo, tag});
	}

	// No artifact of the cache is that old.
	const prune = ['images', 'prune', '--kind', 'tree', '--older-than', '36500'];
	const shown = await swarmlab([...prune, '--dry-run'], places);
	t.deepEqual(shown.stdout.match(/would remove swarmlab\S+/g), [`would remove ${old}`], shown.all);
	t.true((await tags()).includes(old));
	const {stdout, exitCode} = await swarmlab(prune, places);
	t.is(exitCode, 0);
	t.regex(stdout, new RegExp(`^removed ${old} on the Docker host ${host.url}`, 'm'));
	t.deepEqual(await tags(), [...before, 'somebody/engine:1'].sort());
	await host.docker.getImage('somebody/engine:1').remove();
	await nothingIsLeftOn(t, host, places);
	forget(places);
});

test.serial('a kernel that the Docker host does not have is skipped with that sentence', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const {exitCode, all} = await swarmlab(['run', 'scenarios/formation.ts', ...engine, '--kernel', '6.1'], places);
	t.is(exitCode, 2, all);
	const finished = events(places).find(each => each.event === 'cell-finished');
	t.is(finished?.outcome.state, 'skipped');
	t.regex(JSON.stringify(finished), /run on the kernel of their Docker host, not on 6\.1\./);
	await nothingIsLeftOn(t, host, places);
	forget(places);
});

test.serial(
	'the modules of its kernel are found where the Docker host has them, and nothing is left of the question',
	async t => {
		const {docker} = t.context.host;
		const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sl-modules-'));
		try {
			fs.mkdirSync(path.join(folder, '6.1.0-here'));
			await execa('tar', ['-cf', path.join(folder, 'empty.tar'), '-C', path.join(folder, '6.1.0-here'), '.']);
			const stream = await docker.importImage(path.join(folder, 'empty.tar'), {repo: 'empty', tag: 'latest'});
			await new Promise((resolve, reject) => {
				docker.modem.followProgress(stream, error => (error ? reject(error) : resolve(undefined)));
			});
			const ask = async (release: string) => modulesOn(docker, {image: 'empty:latest', release, labels: {}, folder});
			t.is(await ask('6.1.0-here'), folder);
			t.is(await ask('6.1.0-elsewhere'), undefined);
			await t.throwsAsync(modulesOn(docker, {image: 'none:latest', release: '6.1.0-here', labels: {}, folder}), {
				message: /No such image/,
			});
			t.deepEqual(await docker.listContainers({all: true}), []);
		} finally {
			await docker.getImage('empty:latest').remove();
			fs.rmSync(folder, {recursive: true});
		}
	},
);

test.serial('a swarm by hand: up, commands, files, what is said as it comes, down', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	// Somebody has cleared up on the Docker host since the last run.
	await removeImagesOfNodes(host);
	const up = await swarmlab(['up', ...engine, '--workers', '1', '--json'], places);
	t.is(up.exitCode, 0, up.all);
	const handle = JSON.parse(up.stdout) as CellHandle;
	t.deepEqual(checkerOf('up')(handle), []);
	const {machines} = handle;
	const exec = async (...words: string[]) => swarmlab(['exec', ...words], places);
	t.regex((await exec('m1', '--', 'docker', 'node', 'ls')).stdout, /w1 +Ready/);
	t.is((await exec('w1', '--', 'sh', '-c', 'exit 7')).exitCode, 7);

	// An engine that imports an image gives it an id of its own: nodes have what was imported once.
	const serviceImages = await Promise.all(machines.map(async handle => imagesOf(new Machine(handle))));
	t.deepEqual(
		serviceImages[0]!.map(({tag}) => tag),
		['swarmlab/toolbox:latest', 'swarmlab/web:latest'],
	);
	t.deepEqual(serviceImages[1], serviceImages[0]);

	const worker = new Machine(machines[1]!);
	// They are used where an engine has ended and started again, too.
	const hello = 'docker run --rm swarmlab/toolbox echo hello';
	t.regex(await worker.run(`${hello} && /usr/lib/swarmlab/engine restart && ${hello} once more`), /hello once more$/);
	const input = await worker.exec('cat; echo "what went wrong" >&2; exit 3', {input: 'häuser\n'});
	t.like(input, {exitCode: 3, stdout: 'häuser', stderr: 'what went wrong'});
	const large = await worker.run('head -c 3000000 /dev/zero | tr "\\0" x');
	t.is(large.length, 3_000_000);
	await t.throwsAsync(worker.exec('sleep 60', {timeout: 1}), {message: /took longer than 1 s/});
	t.is((await worker.ask('version', docker => docker.version())).Version.startsWith('28.5'), true);

	const local = path.join(places.root, 'a file');
	fs.writeFileSync(local, 'content');
	fs.mkdirSync(path.join(places.root, 'folder'));
	fs.writeFileSync(path.join(places.root, 'folder', 'inner'), 'inner');
	await worker.copyTo(local, '/root/new name');
	await worker.copyTo(path.join(places.root, 'folder'), '/root');
	t.is(await worker.run('cat "/root/new name" /root/folder/inner'), 'contentinner');
	await worker.copyFrom('/root/folder', path.join(places.root, 'back'));
	t.is(fs.readFileSync(path.join(places.root, 'back', 'inner'), 'utf8'), 'inner');
	await t.throwsAsync(worker.copyFrom('/root/none', path.join(places.root, 'none')), {message: /No such file/});

	const evidence = await agreement(t, machines, places);

	const said: string[] = [];
	const followed = await follow(worker, 'for i in 1 2 3; do echo line $i; done; exit 5', {
		limit: 60,
		onOutput: bytes => said.push(bytes.toString()),
	});
	t.is(followed.exitCode, 5);
	t.is(said.join(''), 'line 1\nline 2\nline 3\n');

	const console = fs.readFileSync(machines[1]!.console, 'utf8');
	t.regex(console, /^swarmlab: dockerd started$/m, 'its console has what it said before anybody listened');
	t.regex(console, /^swarmlab: node up$/m);

	// What leads to the engine is made anew where it was lost.
	fs.rmSync(worker.handle.engine.socket);
	worker.hangUp();
	t.is((await worker.ask('info', docker => docker.info())).Swarm.LocalNodeState, 'active');
	worker.hangUp();

	// Who takes it down need not know where it is.
	const down = await swarmlab(['down'], {...places, env: {...places.env, DOCKER_HOST: ''}});
	t.is(down.exitCode, 0, down.all);
	t.true(fs.existsSync(path.join(evidence, 'index.json')), 'evidence stays when the cell goes down');
	t.regex((await swarmlab(['status'], places)).stdout, /^Nothing is up on this host\./);
	await nothingIsLeftOn(t, host, places);
	await t.throwsAsync(worker.run('true'), {message: /w1: cannot be reached: .*No such container/});
	forget(places);
});

/** What is up is told. Rows that are deleted behind the tools' back are told, and named. Returns the folder of the evidence. */
async function agreement(t: ExecutionContext, handles: MachineHandle[], places: Places): Promise<string> {
	const machines = handles.map(handle => new Machine(handle));
	const status = await swarmlab(['status'], places);
	t.regex(status.stdout, /^container-\S+ \(hand-\S+\), up since /);
	t.regex(status.stdout, /^ +w1 +worker +[\d.]+/m);
	t.regex(status.stdout, /docker -H \S+ exec -it \S+ bash {3}# w1$/m);
	const up = JSON.parse((await swarmlab(['status', '--json'], places)).stdout) as HostStatus;
	t.deepEqual(checkerOf('status')(up), []);
	const {cells} = up;
	t.deepEqual(
		cells[0]!.nodes.map(({name, running}) => [name, running]),
		[
			['m1', true],
			['w1', true],
		],
	);

	const manager = machines[0]!;
	await manager.run('docker network create --driver overlay net1');
	const web = 'docker service create --quiet --no-resolve-image --name web --mode global --network net1 swarmlab/web';
	await manager.run(web, {timeout: 120});
	t.true((await untilAgreed(machines)) >= 0);
	t.deepEqual(await lookForDisagreements(machines), []);
	await manager.run(
		'for n in /var/run/docker/netns/[0-9]*-*; do for m in $(nsenter --net=$n bridge fdb show dev vxlan0 | grep dst | cut -d " " -f 1); do nsenter --net=$n bridge fdb del $m dev vxlan0; done; done',
	);
	const watch = new AgreementWatch(machines, 0);
	const reader = new AgreementReader(machines);
	await reader.read();
	const differing = (await reader.read()).map(({difference}) => difference.says);
	t.true(
		differing.some(says => /^m1 has no forwarding row for \S+ on network net1/.test(says)),
		differing.join('\n'),
	);
	await t.throwsAsync(untilAgreed(machines, 1), {
		instanceOf: NotProvenError,
		message: /until every node has what the managers report[\s\S]*m1 has no forwarding row/,
	});

	await t.throwsAsync(watch.end(), {instanceOf: NotProvenError, message: /for 0 s: m1 has no forwarding row/});
	await t.notThrowsAsync(watch.end());

	const {all} = await swarmlab(['diagnose', '--now'], places);
	// Which cause is named first depends on what else the engine logged: it was restarted above.
	t.regex(all, /^ {2}m1 has no forwarding row for \S+ on network net1/m, all);
	t.regex(
		all,
		/^A packet from a client on m1 to \S+ on w1 \(network \w+\) stops at the VXLAN device of m1: no forwarding row/m,
	);
	return /^the evidence is in (.*)$/m.exec(all)![1]!;
}

test('without a Docker host it ends with 69 and what to do', async t => {
	const places = ownPlaces({DOCKER_HOST: 'unix:///nowhere/docker.sock'});
	const {exitCode, all} = await swarmlab(['run', waiting, ...engine], places);
	t.is(exitCode, 69, all);
	t.regex(all, /no answer at unix:\/\/\/nowhere\/docker\.sock/);
	t.regex(all, /DOCKER_HOST/);
	forget(places);
});

/** Their root filesystem stays, so that it is not imported again. */
async function removeImagesOfNodes({docker}: DockerHost): Promise<void> {
	const images = await docker.listImages();
	const ofNodes = images.flatMap(({RepoTags}) => RepoTags ?? []).filter(tag => tag.startsWith('swarmlab/engine:'));
	await Promise.all(ofNodes.map(async tag => docker.getImage(tag).remove({force: true})));
}

async function imagesOf(machine: Machine): Promise<{tag: string; id: string}[]> {
	const images = await machine.ask('list images', docker => docker.listImages());
	return images
		.map(({RepoTags, Id}) => ({tag: RepoTags?.[0] ?? '', id: Id}))
		.sort((a, b) => a.tag.localeCompare(b.tag));
}

/** Where the consoles of the first swarm of the only cell are. */
function machinesIn(places: Places): string {
	const cells = path.join(runFolder(places)!, 'cells');
	return path.join(cells, fs.readdirSync(cells)[0]!, 'swarm-1', 'machines');
}
