/**
 * However and whenever a run on QEMU's machines ends: its reports are there and are valid, and nothing of it is left. Phases in
 * which no machine starts or stops are in container-endings.test.ts.
 */
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ArtifactKind, Event} from '../../harness/model/index.ts';
import {cache} from '../../harness/paths.ts';
import {
	events,
	forget,
	ownPlaces,
	type Places,
	processesIn,
	remains,
	reportsAreValid,
	runFolder,
	stageIs,
	swarmlab,
	untilEvent,
} from './lab.ts';
import test from './real-test.ts';

/** One small cell and one scenario that waits: there is time to end it in any phase. */
const waiting = fileURLToPath(new URL('fixtures/waiting.ts', import.meta.url));
const small = ['run', waiting, '--workers', '1'];

interface Phase {
	reached: (event: Event) => boolean;
	emptyCache?: boolean;
	more?: string[];
	/** Done before the run begins. */
	prepare?: () => void;
}

const phases: Record<string, Phase> = {
	'artifacts are built': {reached: isBuilding('engine', 'kernel', 'images'), emptyCache: true},
	'machines boot': {reached: stageIs('boot'), more: ['--cold']},
	// A size of its own: nobody else makes its template, and one that was whole before its run was ended is made anew.
	'a template is made': {
		reached: isBuilding('template'),
		more: ['--memory', '700'],
		prepare: () => removeTemplates(700),
	},
	'a scenario is proven': {reached: event => event.event === 'scenario-started'},
};

for (const [phase, {reached, emptyCache = false, more = [], prepare}] of Object.entries(phases)) {
	test.serial(`Ctrl-C while ${phase}: exit code 2, reports written, nothing left`, async t => {
		prepare?.();
		const places = placesFor(emptyCache);
		const command = swarmlab([...small, ...more], places);
		await untilEvent(places, command, reached);
		command.kill('SIGINT');
		const {exitCode, all} = await command;
		t.is(exitCode, 2, all);
		t.true(events(places).some(event => event.event === 'run-interrupted'));
		t.true(events(places).some(event => event.event === 'run-finished'));
		reportsAreValid(t, places);
		nothingIsLeft(t, places);
		forget(places);
	});

	test.serial(`kill -9 while ${phase}: gc leaves nothing, and the reports can be made`, async t => {
		prepare?.();
		const places = placesFor(emptyCache);
		const command = swarmlab([...small, ...more], places);
		await untilEvent(places, command, reached);
		command.kill('SIGKILL');
		await command;
		const gc = await swarmlab(['gc'], places);
		t.is(gc.exitCode, 0, gc.all);
		nothingIsLeft(t, places);
		const report = await swarmlab(['report', runFolder(places)!], places);
		t.is(report.exitCode, 0, report.all);
		reportsAreValid(t, places);
		forget(places);
	});
}

/** Templates of machines with so many MiB of memory. */
function removeTemplates(memory: number): void {
	const artifacts = path.join(cache, 'artifacts');
	const templates = fs.existsSync(artifacts)
		? fs.readdirSync(artifacts).filter(name => /^template-[^.]+$/.test(name))
		: [];
	for (const folder of templates.map(name => path.join(artifacts, name))) {
		const manifest = path.join(folder, 'manifest.json');
		if (fs.existsSync(manifest) && fs.readFileSync(manifest, 'utf8').includes(`size=${memory}M`)) {
			fs.rmSync(folder, {recursive: true});
		}
	}
}

function isBuilding(...kinds: ArtifactKind[]): (event: Event) => boolean {
	return event => event.event === 'artifact' && event.state === 'building' && kinds.includes(event.kind);
}

function placesFor(emptyCache: boolean): Places {
	const places = ownPlaces();
	return emptyCache ? {...places, env: {...places.env, SWARMLAB_CACHE: path.join(places.root, 'cache')}} : places;
}

function nothingIsLeft(t: import('ava').ExecutionContext, places: Places): void {
	t.deepEqual(processesIn(places), []);
	t.deepEqual(remains(places), []);
}
