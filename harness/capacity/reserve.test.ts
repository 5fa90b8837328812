import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {HostError} from '../errors.ts';

const state = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-ledger-'));
process.env.SWARMLAB_STATE = state;
// Its processes are looked for on the whole host, where the same tests may run for somebody else.
const lease = `ledger-under-test-${process.pid}`;
process.env.SWARMLAB_LEASE = lease;
process.env.SWARMLAB_LEDGER = path.join(state, 'ledger');
// Only now: paths.ts reads the environment when it is loaded.
const {reserve, requireLargeEnough} = await import('./reserve.ts');
const {readReservations, heldMemoryByLease} = await import('./reservations.ts');

test.after.always(() => fs.rmSync(state, {recursive: true, force: true}));

/** Reservation for 8000 MiB of machines, whatever this host has; nothing of it is touched by those of the tests. */
const host = () => ({cpus: 2, freeMib: 9024, totalMib: 9024});
/** The same, which counts how often somebody looked at it: a look is admissions of what there is, a second of time is none. */
function watched() {
	const seen = {looks: 0};
	const more = async (count: number) => {
		for (const enough = seen.looks + count; seen.looks < enough; ) {
			await delay(20);
		}
	};
	return {
		host() {
			seen.looks += 1;
			return host();
		},
		more,
	};
}

const request = (cell: string, memory: number, cpus = 1) => ({cell, memory, cpus});
const there = () => readReservations().map(({cell}) => cell);

/** Another run: promises room, or waits for it, and holds it until it is killed. Returns once it has said which. */
async function startRun(cell: string, memory: number) {
	const program = `
		const {reserve} = await import(${JSON.stringify(path.join(import.meta.dirname, 'reserve.ts'))});
		await reserve(${JSON.stringify(request(cell, memory))}, {host: ${host}, onWait: () => console.log('waits')});
		console.log('has it');
		setInterval(() => {}, 1000);
	`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
		env: {...process.env, SWARMLAB_LEASE: 'another-run'},
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	runs.add(child);
	await once(child.stdout, 'data');
	return {
		async kill() {
			child.kill('SIGKILL');
			await once(child, 'exit');
		},
	};
}

const runs = new Set<ChildProcess>();
// A test that fails leaves its own behind.
test.afterEach.always(() => {
	for (const run of runs) {
		run.kill('SIGKILL');
	}
});

test.serial('room that was given back is there again, and giving it back twice does no harm', async t => {
	const room = await reserve(request('a', 8000), {host});
	t.like(readReservations(), {0: {cell: 'a', memory: 8000, cpus: 1, lease, kept: false}, length: 1});
	room.release();
	room.release();
	t.deepEqual(fs.readdirSync(path.join(state, 'ledger')), []);
	(await reserve(request('b', 8000), {host})).release();
});

test.serial('what is larger than the host is refused at once, with the remedy', async t => {
	const message = /^a does not fit this host: it needs 8001 MiB of memory, and this host has 8000 MiB for machines/;
	const error = await t.throwsAsync(reserve(request('a', 8001), {host}), {instanceOf: HostError, message});
	t.regex(error.remedy!, /--workers, --memory/);
	t.throws(() => requireLargeEnough(request('a', 8001), host()), {instanceOf: HostError, message});
	t.notThrows(() => requireLargeEnough(request('a', 8000), host()));
	t.deepEqual(there(), []);
});

test.serial('memory promised to another run is waited for, said once, and had when that run is killed', async t => {
	const other = await startRun('theirs', 5000);
	const reported: string[] = [];
	const mine = watched();
	const waiting = reserve(request('mine', 4000), {host: mine.host, onWait: why => reported.push(why)});
	await mine.more(3);
	t.deepEqual(reported, ['memory: it needs 4000 MiB, 3000 MiB are free and not promised to theirs (another-run)']);
	t.deepEqual(there(), ['theirs']);
	await other.kill();
	const room = await waiting;
	t.deepEqual(there(), ['mine']);
	room.release();
});

test.serial(
	'what becomes free goes to the run that has waited longest, though a later one would have fitted all along',
	async t => {
		const holder = await startRun('holder', 5000);
		const earlier = await startRun('earlier', 6000);
		const reported: string[] = [];
		const mine = watched();
		const waiting = reserve(request('mine', 3000), {host: mine.host, onWait: why => reported.push(why)});
		await mine.more(2);
		t.deepEqual(reported, [
			'memory: it needs 3000 MiB, 0 MiB are free and not promised to holder (another-run), earlier (another-run, waiting)',
		]);
		await holder.kill();
		while (!there().includes('earlier')) {
			await delay(20);
		}

		await mine.more(2);
		t.deepEqual(there(), ['earlier']);
		await earlier.kill();
		const room = await waiting;
		t.deepEqual(there(), ['mine']);
		room.release();
		t.deepEqual(fs.readdirSync(path.join(state, 'ledger')), []);
	},
);

test.serial('nobody waits behind a run that died while it waited', async t => {
	const holder = await startRun('holder', 5000);
	const earlier = await startRun('earlier', 6000);
	await earlier.kill();
	const room = await reserve(request('mine', 3000), {host, onWait: why => t.fail(why)});
	t.deepEqual(there().sort(), ['holder', 'mine']);
	room.release();
	await holder.kill();
});

test.serial('of many who ask at once only those get room who fit, and the others after them', async t => {
	let [up, most] = [0, 0];
	const waiting = new Set<string>();
	const {promise: allAsked, resolve: letGo} = Promise.withResolvers<void>();
	await Promise.all(
		['a', 'b', 'c', 'd', 'e', 'f'].map(async cell => {
			const onWait = () => {
				waiting.add(cell);
				if (waiting.size === 4) {
					letGo();
				}
			};
			const room = await reserve(request(cell, 3000), {host, onWait});
			most = Math.max(most, ++up);
			// Nobody gives room back before all have asked: who comes first is then the only thing left to chance.
			await allAsked;
			await delay(20);
			up--;
			room.release();
		}),
	);
	t.is(most, 2);
	t.is(waiting.size, 4);
});

test.serial('a request that is aborted does not wait on, and leaves nothing', async t => {
	const room = await reserve(request('first', 8000), {host});
	const stop = new AbortController();
	const {promise: waits, resolve: onWait} = Promise.withResolvers<unknown>();
	const waiting = reserve(request('second', 1000), {host, signal: stop.signal, onWait});
	await waits;
	stop.abort(new Error('interrupted'));
	await t.throwsAsync(waiting, {message: 'interrupted'});
	room.release();
	t.deepEqual(fs.readdirSync(path.join(state, 'ledger')), []);
});

test.serial('other programs are waited for with patience, not for ever', async t => {
	const busy = () => ({...host(), freeMib: 3000});
	const reported: string[] = [];
	const error = await t.throwsAsync(
		reserve(request('a', 2000), {host: busy, patienceSeconds: 1, onWait: why => reported.push(why)}),
		{
			instanceOf: HostError,
			message: 'a has waited 1 s for memory: it needs 2000 MiB, 1976 MiB are free; other programs hold the rest.',
		},
	);
	t.regex(error.remedy!, /^End some of them/);
	t.is(reported.length, 1);
});

test.serial('what was left up counts as long as one of its machines lives, and nobody waits for it', async t => {
	const machines = [1, 2].map(() => spawn('sleep', ['3600'], {stdio: 'ignore'}));
	const room = await reserve(request('left up', 5000), {host});
	room.keep(machines.map(({pid}) => pid!));
	const message = new RegExp(
		`^mine does not fit this host: .* 5000 MiB are promised to what was left up: left up \\(${lease}\\)`,
	);
	const refused = async () => t.throwsAsync(reserve(request('mine', 4000), {host}), {instanceOf: HostError, message});
	t.regex((await refused())!.remedy!, /swarmlab down/);

	machines[0]!.kill('SIGKILL');
	await once(machines[0]!, 'exit');
	await refused();
	machines[1]!.kill('SIGKILL');
	await once(machines[1]!, 'exit');
	(await reserve(request('mine', 4000), {host})).release();
	t.deepEqual(there(), []);
});

test.serial('a file that is no promise counts for nothing and goes', async t => {
	const file = path.join(state, 'ledger', 'torn.json');
	fs.writeFileSync(file, '{"cell": "a", "mem');
	(await reserve(request('b', 8000), {host})).release();
	t.false(fs.existsSync(file));
});

test.serial('what the machines of a lease hold is found by their names, whatever else runs under it', async t => {
	const holding = `
		globalThis.held = Buffer.alloc(200 * 2 ** 20, 1);
		console.log('holds it');
		setInterval(() => {}, 1000);
	`;
	// Not started as a machine: only its name says so.
	const start = async (argv0: string) => {
		const child = spawn(process.execPath, ['-e', holding], {argv0, stdio: ['ignore', 'pipe', 'inherit']});
		await once(child.stdout, 'data');
		return child;
	};
	const children = [await start('/usr/bin/qemu-system-x86_64'), await start('builder')];
	try {
		const room = await reserve(request('a', 1000), {host});
		const touched = heldMemoryByLease(readReservations())[lease]!;
		t.true(touched > 200 && touched < 350, `${touched} MiB`);
		room.release();
	} finally {
		for (const child of children) {
			child.kill('SIGKILL');
		}
	}
});
