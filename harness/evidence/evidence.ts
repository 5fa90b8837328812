/** Evidence of a scenario that did not pass. It is best effort, limited in time and size, and never costs the result. */
import {randomBytes} from 'node:crypto';
import {CommandError, explain, MachineError} from '../errors.ts';
import {limits} from '../limits.ts';
import {consoleTail, type Machine, runInScope} from '../machine/index.ts';
import type {CellHandle, EvidenceNode} from '../model/index.ts';
import {readCounters} from '../network/lan.ts';
import {askEngine} from './ask-engine.ts';
import {readDataPathPort} from './data-path-port.ts';
import {createFolder, type EvidenceFolder} from './folder.ts';
import {keepCapture} from './keep-capture.ts';
import {pathProbe} from './path.ts';
import type {EngineProbe, Probe} from './probe.ts';
import {engineProbes, goroutines, probes} from './probes.ts';
import {nodeScript, partsOf} from './script.ts';

export interface EvidenceOptions {
	/** Folder for the evidence; it is made. */
	folder: string;
	/** Why evidence is taken; written to `reason.txt` in the folder. */
	reason: string;
	/** When what it is about began, seconds since 1970. What logs say of the time before is no cause. */
	since?: number;
	/** What the claim asks of the kernel. */
	asks?: readonly string[];
	/** Probes to run; those of a swarm by default. */
	rows?: readonly Probe[];
	/** Seconds for all probes together; `limits.evidence` by default. */
	limit?: number;
}

/**
 * Reads every machine at the same moment, and returns the absolute paths of the files; `index.json` lists what is in them. All
 * machines get one script each, together. Those of a swarm then send packets to each other, and are read again. A machine that
 * cannot be reached costs only its own probes; its console is kept all the same. `cell` has all its machines, connected or not.
 * Never throws.
 */
export async function takeEvidence(
	machines: readonly Machine[],
	cell: Pick<CellHandle, 'machines' | 'lan' | 'helpers'>,
	{folder, reason, since, asks, rows = probes, limit = limits.evidence}: EvidenceOptions,
): Promise<string[]> {
	const kept = createFolder(folder, reason, since);
	const ask = rows === probes ? engineProbes : [];
	for (const handle of cell.machines) {
		const tail = consoleTail(handle.console, 200);
		kept.keep(handle.name, [{probe: 'console', text: tail.join('\n')}]);
	}

	for (const {name, log} of cell.helpers ?? []) {
		kept.write(`helpers/${name}.log`, `${consoleTail(log, 1000).join('\n')}\n`);
	}

	const nodes: EvidenceNode[] = cell.machines.map(({name, role, address}) => {
		const trouble = machines.some(machine => machine.name === name) ? {} : {trouble: 'it was not connected'};
		return {name, role, address, sentAt: now(), answeredAt: now(), ...trouble};
	});
	const signal = AbortSignal.timeout(limit * 1000);
	await runInScope({signal}, async () => {
		await Promise.all([
			cell.lan && readLan(cell.lan.counters, kept),
			cell.lan?.control && keepCapture(cell.lan.control, kept.write, readDataPathPort(cell.machines, signal)),
			readMachines(machines, nodes, {rows, ask, signal}, kept),
		]);
	});
	return kept.close(nodes, asks);
}

/** Reads the machines; those of a swarm that answered send packets to each other, and are read again. */
async function readMachines(
	machines: readonly Machine[],
	nodes: readonly EvidenceNode[],
	{rows, ask, signal}: {rows: readonly Probe[]; ask: readonly EngineProbe[]; signal: AbortSignal},
	kept: EvidenceFolder,
): Promise<void> {
	const again = rows.flatMap(each => (each.again ? {...each, name: after(each.name), command: each.again} : []));
	const askAgain = ask.filter(each => each.again).map(each => ({...each, name: after(each.name)}));
	const steps = [
		{rows, ask},
		...(again.length > 0
			? [
					{rows: [pathProbe(nodes)], ask: []},
					{rows: again, ask: askAgain},
				]
			: []),
	];
	await Promise.all(
		machines.map(async machine => {
			const node = nodes.find(({name}) => name === machine.name);
			if (node && !node.trouble && machine.alive && !(await answers(machine))) {
				node.trouble = tooLate;
				node.answeredAt = now();
				kept.keep(
					machine.name,
					rows.map(({name}) => ({probe: name, text: '', trouble: tooLate})),
				);
			}
		}),
	);
	const silent = new Map<Machine, EngineProbe>();
	for (const step of steps) {
		await Promise.all(
			machines.map(async machine => {
				const node = nodes.find(({name}) => name === machine.name);
				if (!node || node.trouble) {
					return;
				}

				if (!machine.alive) {
					node.trouble = 'unreachable: its process has ended';
					kept.keep(
						machine.name,
						step.rows.map(({name}) => ({probe: name, text: '', trouble: node.trouble})),
					);
					return;
				}

				const mine = silent.has(machine)
					? askedAgain(silent.get(machine)!, step === steps.at(-1))
					: step.ask.filter(({managers}) => !managers || machine.role === 'manager');
				const asked = askEngine(machine.handle, mine, signal);
				const read = readMachine(machine, node, step.rows, kept);
				const answers = await asked;
				kept.keep(machine.name, answers.parts);
				await read;
				if (answers.silent && !silent.has(machine) && !node.trouble) {
					silent.set(machine, answers.silent);
					await readMachine(machine, node, [goroutines], kept);
				}
			}),
		);
	}
}

/** An engine that hangs does not answer the same question a second time, later. One that is only slow does. */
function askedAgain(probe: EngineProbe, isLast: boolean): EngineProbe[] {
	return isLast ? [{...probe, name: after(probe.name)}] : [];
}

/** Whether a machine runs a command at all. What reads the machine reports an error of the connection. */
async function answers(machine: Machine): Promise<boolean> {
	try {
		await machine.exec('true', {timeout: limits.evidenceFirstAnswer});
		return true;
	} catch (error) {
		return !(error instanceof CommandError);
	}
}

/** Trouble of a node that did not answer in time; a node that is lost has another. */
const tooLate = 'it took too long to read';

/** What a probe is named when it is read again. */
function after(name: string): string {
	return `${name}-after`;
}

async function readMachine(
	machine: Machine,
	node: EvidenceNode,
	rows: readonly Probe[],
	kept: EvidenceFolder,
): Promise<void> {
	const mark = `@@${randomBytes(8).toString('hex')}`;
	const keep = (output: string, trouble?: string) => {
		const {startedAt, uptime, parts} = partsOf(output, mark);
		// Each script tells its time: the first one counts.
		if (node.startedAt === undefined) {
			node.startedAt = startedAt;
			node.uptime = uptime;
		}

		const missing = trouble ? rows.filter(({name}) => !parts.some(({probe}) => probe === name)) : [];
		kept.keep(machine.name, [...parts, ...missing.map(({name}) => ({probe: name, text: '', trouble}))]);
	};

	if (node.startedAt === undefined) {
		node.sentAt = now();
	}

	try {
		const timeout = limits.evidenceNode + limits.evidenceProbe;
		const {stdout} = await machine.exec(['sh', '-c', nodeScript(rows, mark)], {timeout});
		keep(stdout);
	} catch (error) {
		// Time that is up says nothing about the node: MachineError does.
		const isLost = error instanceof MachineError;
		node.trouble = isLost ? brief(error) : tooLate;
		keep(error instanceof CommandError ? error.output : '', node.trouble);
	} finally {
		node.answeredAt = now();
	}
}

/** Returns an error without the script, which is hundreds of lines long. */
function brief(error: unknown): string {
	const [first = '', ...rest] = explain(error).split('\n');
	return rest.length > 20 ? `${first.slice(0, 40)}…: ${rest.at(-1)}` : [first, ...rest].join('\n');
}

async function readLan(socket: string, kept: EvidenceFolder): Promise<void> {
	let text: string;
	try {
		text = `${JSON.stringify(await readCounters(socket), undefined, '\t')}\n`;
	} catch (error) {
		text = `${JSON.stringify({error: explain(error)})}\n`;
	}

	kept.write('lan.json', text);
}

function now(): number {
	return Date.now() / 1000;
}
