/** Machines that come back from memory: each is one of its own, and what goes wrong with a snapshot costs time, not results. */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import {execa, type ResultPromise} from 'execa';
import type {ArtifactKind, Event, Result} from '../../harness/model/index.ts';
import * as paths from '../../harness/paths.ts';
import {events, forget, ownPlaces, type Places, processesIn, remains, swarmlab, untilEvent} from './lab.ts';
import test from './real-test.ts';

const alone = fileURLToPath(new URL('fixtures/alone.ts', import.meta.url));
const alike = fileURLToPath(new URL('fixtures/alike.ts', import.meta.url));
const asFound = fileURLToPath(new URL('fixtures/as-found.ts', import.meta.url));
const clock = fileURLToPath(new URL('fixtures/clock.ts', import.meta.url));

/** Machines of a size of their own: what is damaged here is nobody else's. */
const small = (memory: number) => ['run', alike, '--workers', '1', '--memory', String(memory)];
const shared = ['--filter', 'restored as a swarm'];
/** From the snapshot of a cluster of one node, made anew sooner than one of two. */
const one = ['run', alone, '--workers', '0', '--memory', '640'];
const two = [...small(640), ...shared];

/** Of the clusters that those use, known since a test before used it. */
const clusters = new Map<string[], string>();

/** The folder of that snapshot, whole; it is made for a test that runs alone, or after one that went wrong. */
async function wholeCluster(t: ExecutionContext, args: string[]): Promise<string> {
	let folder = clusters.get(args);
	if (!folder || !fs.existsSync(folder)) {
		folder = folderOf((await passes(t, args)).events, 'cluster');
		clusters.set(args, folder);
	}

	return folder;
}

test.serial('clones and restored nodes each have their own identity, at each restore a new one', async t => {
	const [first, second] = [await passes(t, small(640)), await passes(t, small(640))];
	// Where the first had to boot instead, its reason is what counts.
	t.deepEqual(warnings(first.events), []);
	const logs = [first, second].flatMap(({results}) =>
		results.map(({log}) => log.find(line => line.startsWith('random'))),
	);
	t.is(logs.length, 4);
	t.is(new Set(logs).size, 4, 'no restore repeats the random bytes of another');
	t.deepEqual(second.results.map(({origin}) => origin).sort(), ['clones of a template', 'cluster snapshot']);
	t.deepEqual(statesOf(second.events, 'cluster'), ['cached']);
	clusters.set(two, folderOf(second.events, 'cluster'));
});

/** Which damages are found is in store/cache.machine.test.ts. */
test.serial('a snapshot in which a bit flipped is made anew and said so', async t => {
	flip(path.join(await wholeCluster(t, one), 'm1.ram'));
	const after = await passes(t, one);
	t.deepEqual(statesOf(after.events, 'cluster'), ['damaged', 'building', 'built']);
	t.deepEqual(
		after.results.map(({origin}) => origin),
		['cluster snapshot'],
	);
});

test.serial('machines that do not come back from a snapshot put it under suspicion: it is made anew, once', async t => {
	// As whole as the day it was made, and of no use: what another QEMU has written looks like this.
	forge(await wholeCluster(t, one), 'm1.state', Buffer.from('not a state'));
	const after = await passes(t, one);
	t.deepEqual(statesOf(after.events, 'cluster'), ['cached', 'damaged', 'building', 'built']);
	t.is(after.events.filter(({event}) => event === 'infrastructure-retry').length, 1);
});

test.serial('a machine that ends while it is made into a snapshot costs a second try, which is reported', async t => {
	fs.rmSync(await wholeCluster(t, two), {recursive: true});
	const places = ownPlaces();
	const after = await passes(t, two, places, async command => {
		await untilEvent(
			places,
			command,
			event => event.event === 'artifact' && event.kind === 'cluster' && event.detail === 'w1: restored',
		);
		const qemu = processesIn(places).find(line => line.includes('-name swarmlab-w1'));
		process.kill(Number.parseInt(qemu!, 10), 'SIGKILL');
	});
	t.deepEqual(statesOf(after.events, 'cluster'), ['building', 'built']);
	const retries = after.events.filter(event => event.event === 'infrastructure-retry');
	t.is(retries.length, 1);
	// Who hears of it first depends on the moment: QEMU's socket, its agent's, or whoever looks for the process.
	t.regex(retries[0]!.reason.message, /^w1: .*(ended with SIGKILL|has ended|is gone|closed the connection)/);
	t.deepEqual(
		after.results.map(({origin}) => origin),
		['cluster snapshot'],
	);
});

test.serial('nodes between which the overlay carries nothing are not used', async t => {
	const folder = await wholeCluster(t, two);
	const file = 'swarm.json';
	const fixture = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) as {ends: Record<string, string>};
	// Where nobody is: m1 asks there and hears nothing, as it would of a w1 that it cannot reach.
	fixture.ends.w1 = fixture.ends.w1!.replace(/\d+$/, '250');
	forge(folder, file, Buffer.from(JSON.stringify(fixture)));
	const after = await passes(t, two);
	t.deepEqual(statesOf(after.events, 'cluster'), ['cached', 'damaged', 'building', 'built']);
	const retry = after.events.find(({event}) => event === 'infrastructure-retry');
	t.regex(JSON.stringify(retry), /m1: the overlay carries no packet from it and back/);
});

test.serial('restored machines have the right time, though their snapshot was made with a clock far off', async t => {
	const {results} = await passes(t, ['run', clock, '--workers', '1', '--reuse-fixtures']);
	t.deepEqual(
		results.map(({origin}) => origin),
		['fixture snapshot'],
	);
});

test.serial('a cell that is saved by name goes on, and comes back as it was saved', async t => {
	const places = ownPlaces();
	const name = `test-${process.pid}`;
	const does = async (...args: string[]) => {
		const {exitCode, all, stdout} = await swarmlab(args, places);
		t.is(exitCode, 0, all);
		return stdout;
	};
	try {
		await does('up', '--workers', '1', '--memory', '640', '--json');
		// Killed while the machines stand still: they go on, and nothing is saved.
		const killed = swarmlab(['snapshot', 'save', `${name}-killed`], places);
		killed.all.on('data', said => {
			if (String(said).includes('its memory and its disk are copied')) {
				killed.kill('SIGKILL');
			}
		});
		t.is((await killed).signal, 'SIGKILL');
		t.is(await does('exec', 'w1', '--', 'echo', 'goes on'), 'goes on');
		t.notRegex(await does('snapshot', 'list'), /-killed/);
		await does('exec', 'm1', '--', 'sh', '-c', 'docker network create -d overlay kept && echo before > /root/mark');
		t.regex(await does('snapshot', 'save', name), /is saved as .*, and goes on/);
		t.regex(await does('exec', 'm1', '--', 'sh', '-c', 'docker network rm kept && rm /root/mark'), /kept/);
		await does('down');
		await does('snapshot', 'restore', name);
		t.is(await does('exec', 'm1', '--', 'cat', '/root/mark'), 'before');
		t.regex(await does('exec', 'm1', '--', 'docker', 'network', 'ls'), / kept +overlay +swarm/);
		const nodes = await does('exec', 'm1', '--', 'docker', 'node', 'ls', '--format', '{{.Hostname}} {{.Status}}');
		t.deepEqual(nodes.split('\n').sort(), ['m1 Ready', 'w1 Ready']);
		t.regex(await does('status'), new RegExp(`started from: snapshot '${name}'`));
		const refused = await swarmlab(['snapshot', 'remove', name], places);
		t.regex(refused.all ?? '', /A cell that is up was restored from/);
		t.not(refused.exitCode, 0);
	} finally {
		await swarmlab(['down', '--all'], places);
		t.regex((await swarmlab(['snapshot', 'remove', name], places)).all ?? '', /is removed: /);
	}

	t.deepEqual(processesIn(places), []);
	forget(places);
});

test.serial('a snapshot that is deleted while machines run from it is theirs to the end', async t => {
	const places = ownPlaces();
	const up = await swarmlab(['up', '--workers', '1', '--memory', '640', '--json'], places);
	t.is(up.exitCode, 0, up.all);
	const folder = snapshots('cluster').sort((a, b) => fs.statSync(b).mtimeMs - fs.statSync(a).mtimeMs);
	for (const each of folder.filter(name => isOpen(name, places))) {
		fs.rmSync(each, {recursive: true});
	}

	const said = await swarmlab(
		['exec', 'm1', '--', 'docker', 'node', 'ls', '--format', '{{.Hostname}} {{.Status}}'],
		places,
	);
	t.is(said.exitCode, 0, said.all);
	t.regex(said.stdout, /m1 Ready/);
	const down = await swarmlab(['down'], places);
	t.is(down.exitCode, 0, down.all);
	t.deepEqual(processesIn(places), []);
	forget(places);
});

test.serial('without room for a snapshot machines are booted, and it is said why', async t => {
	const places = ownPlaces();
	const cache = path.join(places.root, 'cache');
	fs.mkdirSync(cache);
	// More than what `doctor` asks for, less than the memory of these machines.
	const {failed} = await execa('mount', ['-t', 'tmpfs', '-o', 'size=5300m', 'tmpfs', cache], {reject: false});
	if (failed) {
		t.log('not run: only root may make the small disk that this needs');
		t.pass();
		return;
	}

	try {
		// Everything but snapshots is there already.
		fs.symlinkSync(path.join(paths.cache, 'apt'), path.join(cache, 'apt'));
		fs.mkdirSync(path.join(cache, 'artifacts'));
		for (const name of fs
			.readdirSync(path.join(paths.cache, 'artifacts'))
			.filter(each => /^(kernel|engine|images)-/.test(each))) {
			fs.symlinkSync(path.join(paths.cache, 'artifacts', name), path.join(cache, 'artifacts', name));
		}

		const {results, events: reported} = await passes(t, [...small(5600), ...shared], {
			...places,
			env: {...places.env, SWARMLAB_CACHE: cache},
		});
		t.deepEqual(
			results.map(({origin}) => origin),
			['cold boot'],
		);
		t.true(reported.some(event => event.event === 'notice' && /MiB are free/.test(event.message)));
	} finally {
		await execa('umount', [cache]);
		forget(places);
	}
});

/** The verdicts do not depend on the way in which machines come up. */
test.serial('a cold boot gives the same verdicts', async t => {
	const quick = await passes(t, ['run', 'scenarios/formation.ts', '--workers', '1']);
	const cold = await passes(t, ['run', 'scenarios/formation.ts', '--workers', '1', '--cold']);
	const verdicts = ({results}: Passed) => results.map(({title, verdict}) => [title, verdict]);
	t.deepEqual(verdicts(cold), verdicts(quick));
	t.deepEqual(
		cold.results.map(({origin}) => origin),
		['cold boot'],
	);
});

/** Nor on what makes them quick: this cell is the suite's one without any of it. */
test.serial('a plain cell gives the same verdicts, and its record says what it is', async t => {
	const quick = await passes(t, ['run', asFound, 'scenarios/formation.ts', '--workers', '0']);
	const plain = await passes(t, ['run', asFound, 'scenarios/formation.ts', '--workers', '0', '--plain']);
	const verdicts = ({results}: Passed) => results.map(({title, verdict}) => [title, verdict]).sort();
	t.deepEqual(verdicts(plain), verdicts(quick));
	t.deepEqual([...new Set(plain.results.map(({origin}) => origin))], ['cold boot']);
	const started = plain.events.find(event => event.event === 'run-started');
	t.deepEqual(started?.event === 'run-started' && started.cells.map(({plain}) => plain), [true]);
	t.regex(plain.results[0]!.cell, /-plain$/);

	const found = ({results}: Passed) => results.flatMap(({log}) => log).join('\n');
	t.regex(found(plain), /swarmlab\.plain/);
	t.notRegex(found(plain), /norandmaps|timerslack=|mitigations=off|audit=0|GOGC|PREFER_OFFLINE|containerd\.toml/);
	t.regex(found(plain), /slack 50000\n/);
	t.regex(found(quick), /mitigations=off/);
	t.regex(found(quick), /GOGC=400/);
	t.regex(found(quick), /PREFER_OFFLINE_IMAGE=1/);
	t.regex(found(quick), /containerd\.toml/);
});

interface Passed {
	events: Event[];
	results: Result[];
}

/** Runs it in places of its own; it passes and leaves nothing. */
async function passes(
	t: ExecutionContext,
	args: string[],
	places: Places = ownPlaces(),
	meanwhile?: (command: ResultPromise) => Promise<void>,
): Promise<Passed> {
	const command = swarmlab(args, places);
	await meanwhile?.(command);
	const {exitCode, all} = await command;
	t.is(exitCode, 0, all);
	const reported = events(places);
	t.deepEqual(processesIn(places), []);
	t.deepEqual(
		remains(places).filter(name => !name.includes('/cache/')),
		[],
	);
	if (!args.includes('--keep') && !places.env.SWARMLAB_CACHE) {
		forget(places);
	}

	return {events: reported, results: reported.flatMap(event => (event.event === 'result' ? [event.result] : []))};
}

/** About machines. */
function warnings(reported: Event[]): string[] {
	return reported.flatMap(event =>
		event.event === 'notice' && event.cell && event.level === 'warning' ? [event.message] : [],
	);
}

function statesOf(reported: Event[], kind: ArtifactKind): string[] {
	const states = reported.flatMap(event => (event.event === 'artifact' && event.kind === kind ? [event.state] : []));
	return states.filter((state, index) => state !== states[index - 1]);
}

function folderOf(reported: Event[], kind: ArtifactKind): string {
	const found = reported.find(event => event.event === 'artifact' && event.kind === kind);
	return path.join(paths.cache, 'artifacts', `${kind}-${found?.event === 'artifact' ? found.key : ''}`);
}

function snapshots(kind: ArtifactKind): string[] {
	const folder = path.join(paths.cache, 'artifacts');
	return fs
		.readdirSync(folder)
		.filter(name => name.startsWith(`${kind}-`) && !name.includes('.building'))
		.map(name => path.join(folder, name));
}

/** Whether a machine of these places maps a file of the folder: those of others are none of this test's business. */
function isOpen(folder: string, places: Places): boolean {
	return processesIn(places)
		.map(line => Number.parseInt(line, 10))
		.some(pid => {
			try {
				return fs.readFileSync(`/proc/${pid}/maps`, 'utf8').includes(`${folder}/`);
			} catch {
				return false;
			}
		});
}

function flip(file: string): void {
	const handle = fs.openSync(file, 'r+');
	const byte = Buffer.alloc(1);
	fs.readSync(handle, byte, 0, 1, 5_000_000);
	byte[0] = byte[0]! ^ 1;
	fs.writeSync(handle, byte, 0, 1, 5_000_000);
	fs.closeSync(handle);
}

function forge(folder: string, name: string, content: Buffer): void {
	fs.writeFileSync(path.join(folder, name), content);
	const file = path.join(folder, 'manifest.json');
	const manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as {files: Record<string, unknown>};
	manifest.files[name] = {sha256: crypto.createHash('sha256').update(content).digest('hex'), size: content.length};
	fs.writeFileSync(file, JSON.stringify(manifest));
}
