import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {execaNode} from 'execa';
import {endProcesses, identify, isAlive, processesOf} from './processes.ts';

/** The lease `name`, of this process alone: the same tests may run elsewhere on this host, and processes are looked for on all of it. */
const leaseNamed = (name: string) => `${name}-${process.pid}`;

/** A process of a lease, and a child of it that dropped its environment. */
async function startMarked(lease: string): Promise<number> {
	const script = 'env -i sleep 3600 & exec sleep 3600';
	const child = spawn('sh', ['-c', script], {
		env: {...process.env, SWARMLAB_LEASE: lease},
		detached: true,
		stdio: 'ignore',
	});
	child.unref();
	// Both are what they will be from now on.
	while (processesOf(lease).filter(({command}) => command === 'sleep 3600').length < 2) {
		await delay(20);
	}

	return child.pid!;
}

test('the processes of a lease are found by their environment, descendants included, and nothing else is', async t => {
	const mine = await startMarked(leaseNamed('lease-under-test'));
	const other = await startMarked(leaseNamed('another-lease'));
	const found = processesOf(leaseNamed('lease-under-test'));
	t.deepEqual(found.map(({command}) => command).sort(), ['sleep 3600', 'sleep 3600']);
	t.true(found.some(({pid}) => pid === mine));

	t.deepEqual(await endProcesses(found, 60), []);
	t.deepEqual(processesOf(leaseNamed('lease-under-test')), []);
	const others = processesOf(leaseNamed('another-lease'));
	t.is(others.length, 2);
	t.true(isAlive(identify(other)!));
	await endProcesses(others, 60);
});

test('a process that ignores SIGTERM is killed after the grace', async t => {
	const script = 'trap "" TERM; echo deaf; while :; do sleep 1; done';
	const child = spawn('sh', ['-c', script], {detached: true, stdio: ['ignore', 'pipe', 'ignore']});
	await once(child.stdout!, 'data');
	const identity = identify(child.pid!)!;
	t.deepEqual(await endProcesses([identity], 0.2), []);
	t.false(isAlive(identity));
});

test('a later process with the same pid is not taken for the earlier one', t => {
	t.false(isAlive({pid: process.pid, startedAt: '1'}));
	t.true(isAlive(identify(process.pid)!));
});

test('a killed owner leaves a lease that another process finds and clears, folders and processes', async t => {
	const state = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-leases-'));
	const place = path.join(state, 'place');
	const env = {SWARMLAB_STATE: state};
	const leases = path.join(import.meta.dirname, 'leases.ts');
	const owner = `
		import {spawn} from 'node:child_process';
import {once} from 'node:events';
		import {takeLease, leaseFolder} from ${JSON.stringify(leases)};
		const lease = takeLease(${JSON.stringify(leaseNamed('killed'))});
		leaseFolder(lease, ${JSON.stringify(place)});
		spawn('sleep', ['3600'], {detached: true, stdio: 'ignore'}).unref();
		setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100);
	`;
	const ownerFile = path.join(state, 'owner.ts');
	fs.writeFileSync(ownerFile, owner);
	await t.throwsAsync(execaNode(ownerFile, {env}));
	t.true(fs.existsSync(place));

	const collector = path.join(state, 'collector.ts');
	fs.writeFileSync(
		collector,
		`
		import {cleanUpLease, isAbandoned, readLeases} from ${JSON.stringify(leases)};
		const abandoned = readLeases().filter(isAbandoned);
		console.log(JSON.stringify(await Promise.all(abandoned.map(cleanUpLease))));
	`,
	);
	const {stdout} = await execaNode(collector, {env});
	const [clearance] = JSON.parse(stdout) as [{processes: string[]; folders: string[]; leftovers: string[]}];
	t.deepEqual(clearance.leftovers, []);
	t.deepEqual(clearance.folders, [place]);
	t.regex(clearance.processes.join(), /sleep 3600/);
	t.false(fs.existsSync(place));
	t.deepEqual(fs.readdirSync(path.join(state, 'leases')), []);
	t.deepEqual(processesOf(leaseNamed('killed')), []);
	fs.rmSync(state, {recursive: true});
});
