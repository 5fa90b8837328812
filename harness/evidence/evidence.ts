/** Evidence of a scenario that did not pass. It is best effort, limited in time, and never costs the result. */
import fs from 'node:fs';
import path from 'node:path';
import pLimit from 'p-limit';
import {explain} from '../errors.ts';
import {consoleTail, type Machine, runInScope} from '../machine/index.ts';
import type {CellHandle} from '../model/index.ts';
import {readCapture} from '../network/capture/capture.ts';
import {flowsOf} from '../network/capture/flows.ts';
import {pcapngOf} from '../network/capture/pcapng.ts';
import {captureText} from '../network/capture/text.ts';
import {readCounters} from '../network/lan.ts';
import {type Probe, probes, scriptOf} from './probes.ts';

export interface EvidenceOptions {
	/** Folder for the evidence; it is made. */
	folder: string;
	/** Why evidence is taken; written to `reason.txt` in the folder. */
	reason: string;
	/** Probes to run; those of a swarm by default. */
	rows?: readonly Probe[];
	/** Seconds for all probes together; 60 by default. */
	limit?: number;
}

/** Probes at once on a machine. With more, an emulated machine answers none of them in time. */
const concurrentProbes = 2;

/**
 * Runs every probe on every machine, and returns the absolute paths of the files. A machine that cannot be reached costs only
 * its own probes; its console is kept all the same. `cell` has all its machines, connected or not. Never throws.
 */
export async function takeEvidence(
	machines: readonly Machine[],
	cell: Pick<CellHandle, 'machines' | 'lan'>,
	{folder, reason, rows = probes, limit = 60}: EvidenceOptions,
): Promise<string[]> {
	const files: string[] = [];
	const keep = (name: string, content: string | Buffer) => {
		const file = path.join(folder, name);
		try {
			fs.mkdirSync(path.dirname(file), {recursive: true});
			fs.writeFileSync(file, content);
			files.push(file);
		} catch {
			// If the disk is full, the result must be kept all the same.
		}
	};

	keep('reason.txt', `${reason}\n`);
	for (const handle of cell.machines) {
		const tail = consoleTail(handle.console, 200);
		keep(`${handle.name}/console.txt`, tail.length > 0 ? `${tail.join('\n')}\n` : `${handle.console} is empty\n`);
	}

	if (cell.lan) {
		keep('lan.json', await lanCounters(cell.lan.counters));
		if (cell.lan.control) {
			await keepCapture(cell.lan.control, keep);
		}
	}

	const signal = AbortSignal.timeout(limit * 1000);
	await runInScope({signal}, async () => {
		const first = machines.find(machine => machine.role === 'manager' && machine.alive);
		await Promise.all(machines.map(machine => probeMachine(machine, rows, machine === first, keep)));
	});
	return files.sort();
}

async function lanCounters(socket: string): Promise<string> {
	try {
		return `${JSON.stringify(await readCounters(socket), undefined, '\t')}\n`;
	} catch (error) {
		return `${JSON.stringify({error: explain(error)})}\n`;
	}
}

/** Keeps what the LAN's switch remembers: as pcapng, and summed up. */
async function keepCapture(socket: string, keep: (name: string, content: string | Buffer) => void): Promise<void> {
	try {
		const capture = await readCapture(socket);
		const flows = flowsOf(capture);
		keep('lan/capture.pcapng', pcapngOf(capture));
		keep('lan/capture.txt', captureText(capture, flows));
		keep('lan/capture.json', `${JSON.stringify(flows, undefined, '\t')}\n`);
		keep('lan/faults.json', `${JSON.stringify(capture.faults, undefined, '\t')}\n`);
	} catch (error) {
		keep('lan/capture.txt', `could not be read: ${explain(error)}\n`);
	}
}

async function probeMachine(
	machine: Machine,
	rows: readonly Probe[],
	first: boolean,
	keep: (name: string, text: string) => void,
): Promise<void> {
	if (!machine.alive) {
		keep(`${machine.name}/unreachable.txt`, `${machine.name} is unreachable: its process has ended\n`);
		return;
	}

	const line = pLimit(concurrentProbes);
	const unreachable = new Set<string>();
	const mine = rows.filter(({place}) => place !== 'manager' || first);
	await Promise.all(
		mine.map(probe =>
			line(async () => {
				// After the first probe without an answer, more probes would only cost the time of the other machines.
				if (unreachable.size === 0) {
					keep(`${machine.name}/${probe.name}.txt`, await probeOnce(machine, probe, why => unreachable.add(why)));
				}
			}),
		),
	);
	if (unreachable.size > 0) {
		keep(`${machine.name}/unreachable.txt`, `${[...unreachable].join('\n')}\n`);
	}
}

async function probeOnce(machine: Machine, probe: Probe, onUnreachable: (why: string) => void): Promise<string> {
	const script = scriptOf(probe);
	try {
		const {exitCode, stdout, stderr} = await machine.exec(['sh', '-c', script], {timeout: 20});
		return `$ ${script}\n${stdout}\n${stderr ? `--- stderr\n${stderr}\n` : ''}${exitCode === 0 ? '' : `--- ended with ${exitCode}\n`}`;
	} catch (error) {
		if (error instanceof Error && error.name === 'MachineError') {
			onUnreachable(explain(error));
		}

		return `$ ${script}\n--- could not be run: ${explain(error)}\n`;
	}
}
