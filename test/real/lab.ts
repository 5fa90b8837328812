/** What the tests on real machines share: a run of the real command in places of its own, watched through its record. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {execa, type ResultPromise} from 'execa';
import {SaxesParser} from 'saxes';
import type {CellStage, Event} from '../../harness/model/index.ts';
import * as paths from '../../harness/paths.ts';
import {parseRecord} from '../../harness/record/record.ts';

const project = path.resolve(import.meta.dirname, '../..');

export interface Places {
	root: string;
	env: Record<string, string>;
}

/**
 * Folders that no other test uses; artifacts come from the host's cache unless another one is named. What this host has is
 * shared out among all, as among any runs on it.
 */
export function ownPlaces(more: Record<string, string> = {}): Places {
	const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sl-'));
	return {
		root,
		env: {
			SWARMLAB_RUNS: path.join(root, 'runs'),
			SWARMLAB_STATE: path.join(root, 'state'),
			SWARMLAB_RUNTIME: path.join(root, 'rt'),
			SWARMLAB_LEDGER: paths.ledger,
			CI: 'true',
			...more,
		},
	};
}

/** `swarmlab …` in these places. */
export function swarmlab(args: string[], places: Places, options: {timeout?: number} = {}) {
	return execa(process.execPath, [path.join(project, 'harness/cli.ts'), ...args], {
		cwd: project,
		env: places.env,
		reject: false,
		all: true,
		stdin: 'ignore',
		timeout: (options.timeout ?? 1800) * 1000,
	});
}

/** The one run folder in these places. */
export function runFolder(places: Places): string | undefined {
	const runs = places.env.SWARMLAB_RUNS!;
	const name = fs.existsSync(runs)
		? fs.readdirSync(runs, {withFileTypes: true}).find(each => each.isDirectory())?.name
		: undefined;
	return name && path.join(runs, name);
}

/** Events of the run so far. */
export function events(places: Places): Event[] {
	const folder = runFolder(places);
	const file = folder && path.join(folder, 'run.jsonl');
	return file && fs.existsSync(file) ? parseRecord(fs.readFileSync(file, 'utf8')).events : [];
}

/** Waits until the record shows an event; the command's own words are in the error when it ends before. */
export async function untilEvent(
	places: Places,
	command: ResultPromise,
	is: (event: Event) => boolean,
	limit = 1800,
): Promise<Event> {
	let ended = false;
	command
		.finally(() => {
			ended = true;
		})
		.catch(() => undefined);
	for (const end = Date.now() + limit * 1000; Date.now() < end; await delay(50)) {
		const found = events(places).find(is);
		if (found) {
			return found;
		}

		if (ended) {
			break;
		}
	}

	throw new Error(`The event did not come. Last ones: ${JSON.stringify(events(places).slice(-3))}`);
}

export function stageIs(stage: CellStage): (event: Event) => boolean {
	return event => event.event === 'cell-stage' && event.stage === stage;
}

/** Asserts that the JUnit file of a run that was ended is XML, with what was not proven as an error. */
export function reportsAreValid(t: ExecutionContext, places: Places): void {
	const xml = fs.readFileSync(path.join(runFolder(places)!, 'junit.xml'), 'utf8');
	const names: string[] = [];
	const parser = new SaxesParser();
	parser.on('opentag', ({name}) => {
		names.push(name);
	});
	parser.write(xml).close();
	t.true(names.includes('testcase'), xml);
	t.true(names.includes('error'), 'what was not proven is broken, visibly');
}

/** Command lines of processes that mention these places: of a run that is over there must be none. */
export function processesIn(places: Places): string[] {
	return fs
		.readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.flatMap(pid => {
			try {
				const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
				const environment = fs.readFileSync(`/proc/${pid}/environ`, 'utf8');
				const mine = command.includes(places.root) || environment.includes(places.root);
				return mine && Number(pid) !== process.pid ? [`${pid} ${command}`] : [];
			} catch {
				return [];
			}
		});
}

/**
 * Files of a folder and of the folders in it. Links are not followed, as a recursive readdir of Node does: /usr/bin/X11 leads to its own
 * folder, which has no end but ELOOP. Where it comes, the kernel decides: a lookup that it starts over counts its links once more.
 */
function filesIn(folder: string): string[] {
	return fs.readdirSync(folder, {withFileTypes: true}).flatMap(each => {
		const name = path.join(folder, each.name);
		return each.isDirectory() ? filesIn(name) : [name];
	});
}

/** Everything in the places that a run must not leave: disks, sockets, leases. */
export function remains(places: Places): string[] {
	if (!fs.existsSync(places.root)) {
		return [];
	}

	return filesIn(places.root).filter(name => /\.(qcow2|sock|img)$|\/leases\/|\/rt\//.test(name));
}

export function forget(places: Places): void {
	fs.rmSync(places.root, {recursive: true, force: true});
}
