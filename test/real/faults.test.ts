/** What goes wrong under a run is reported as the lab's trouble, and nothing is left. */
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import type {CellHandle, Result} from '../../harness/model/index.ts';
import type {PortCounters} from '../../harness/network/learning-switch.ts';
import {events, forget, ownPlaces, type Places, processesIn, remains, runFolder, swarmlab, untilEvent} from './lab.ts';
import test from './real-test.ts';

const asking = fileURLToPath(new URL('fixtures/asking.ts', import.meta.url));
const leaving = fileURLToPath(new URL('fixtures/leaving.ts', import.meta.url));
const namespaces = fileURLToPath(new URL('fixtures/namespaces.ts', import.meta.url));
const quick = ['run', 'scenarios/formation.ts', '--filter', 'Ready', '--workers', '1'];

test.serial('a node that dies in the middle of a scenario makes it broken, with the end of its console', async t => {
	const places = ownPlaces();
	const command = swarmlab(['run', asking, '--workers', '1'], places);
	await untilEvent(places, command, event => event.event === 'scenario-started');
	process.kill(cellFile(places).machines.find(({name}) => name === 'w1')!.pid!, 'SIGKILL');
	const {exitCode, all} = await command;
	t.is(exitCode, 2, all);
	const [result] = results(places);
	t.is(result?.verdict, 'broken');
	t.regex(result!.reason!.message, /w1/);
	const lan = result!.evidence.find(name => path.basename(name) === 'lan.json')!;
	const {m1} = JSON.parse(fs.readFileSync(path.join(runFolder(places)!, lan), 'utf8')) as Record<string, PortCounters>;
	t.true(m1!.framesIn > 0 && m1!.framesOut > 0, 'what passed the switch is evidence');
	t.true(
		events(places).some(event => event.event === 'notice' && /w1: its process has ended/.test(event.message)),
		'the run says which machine died',
	);
	t.true(
		fs.existsSync(path.join(runFolder(places)!, 'cells', cellFile(places).cell.id, 'swarm-1/machines/w1/console.log')),
	);
	nothingIsLeft(places, t);
});

test.serial('what a scenario leaves on its nodes is gone before the next one looks', async t => {
	const places = ownPlaces();
	const {exitCode, all} = await swarmlab(['run', namespaces, '--workers', '1'], places);
	t.is(exitCode, 0, all);
	t.deepEqual(
		results(places).map(({verdict}) => verdict),
		Array(4).fill('passed'),
	);
	t.is(events(places).filter(({event}) => event === 'cell-formed').length, 1, 'waiting for it makes no cluster dirty');
	nothingIsLeft(places, t);
});

test.serial('a node that is slow to come back is waited for, and no scenario blamed for it', async t => {
	const places = ownPlaces();
	const command = swarmlab(['run', leaving, '--workers', '1', '--filter', 'finds the cluster as it was'], places);
	await untilEvent(places, command, ({event}) => event === 'cell-formed');
	const w1 = Number.parseInt(processesIn(places).find(line => line.includes('-name swarmlab-w1'))!, 10);
	process.kill(w1, 'SIGSTOP');
	// A manager takes a node for down that missed three heartbeats, one in 5 s each (moby, swarmkit manager/dispatcher).
	await delay(20_000);
	process.kill(w1, 'SIGCONT');
	const {exitCode, all} = await command;
	t.is(exitCode, 0, all);
	t.deepEqual(
		events(places).filter(event => event.event === 'notice' && event.cell && event.level === 'warning'),
		[],
	);
	nothingIsLeft(places, t);
});

test.serial('two runs at once do not meet', async t => {
	const [one, two] = [ownPlaces(), ownPlaces()];
	const both = await Promise.all([swarmlab(quick, one), swarmlab(quick, two)]);
	for (const {exitCode, all} of both) {
		t.is(exitCode, 0, all);
	}

	nothingIsLeft(one, t);
	nothingIsLeft(two, t);
});

test.serial("a full disk under the machines is reported as this host's trouble", async t => {
	const places = ownPlaces();
	const runs = places.env.SWARMLAB_RUNS!;
	fs.mkdirSync(runs, {recursive: true});
	const {failed} = await execa('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', runs], {reject: false});
	if (failed) {
		t.log('not run: only root may make the small disk that this needs');
		t.pass();
		return;
	}

	try {
		// A boot writes more than these few megabytes; a restored machine would get along with them.
		const {exitCode, all} = await swarmlab([...quick, '--cold'], places);
		t.is(exitCode, 2, all);
		t.regex(all!, /no space left|disk is full/i);
	} finally {
		await execa('umount', [runs]);
	}

	nothingIsLeft(places, t);
});

function cellFile(places: Places): CellHandle {
	const cells = path.join(runFolder(places)!, 'cells');
	return JSON.parse(
		fs.readFileSync(path.join(cells, fs.readdirSync(cells)[0]!, 'swarm-1/cell.json'), 'utf8'),
	) as CellHandle;
}

function results(places: Places): Result[] {
	return events(places).flatMap(event => (event.event === 'result' ? [event.result] : []));
}

function nothingIsLeft(places: Places, t: import('ava').ExecutionContext): void {
	t.deepEqual(processesIn(places), []);
	t.deepEqual(remains(places), []);
	forget(places);
}
