/** Scenarios without a result are recorded as broken, with what is known of the cause, so that none is lost. */

import fs from 'node:fs';
import {type Job, type PlannedScenario, type Reason, type Result, scenarioId} from '../../model/index.ts';
import {readResults} from '../../record/results.ts';
import {isWanted} from '../../record/wanted.ts';
import type {ScenarioProgress} from './progress.ts';

export interface MissingResult {
	scenario: PlannedScenario;
	result: Result;
}

export interface Aftermath extends Job {
	/** The files that were to be run, named as in results. */
	files: readonly string[];
	/** The scenarios that they announced before the run. */
	announced: readonly PlannedScenario[];
	progress: readonly ScenarioProgress[];
	exitCode: number | undefined;
	signal: string | undefined;
	/** All output of AVA. */
	output: string;
	/** The file in which the process hung, named as in results. */
	hungAt: string | undefined;
}

/** Makes a result for each claim without one, each file that claimed nothing, and an exit code that nothing explains. */
export function missing(after: Aftermath): MissingResult[] {
	const {files, assignment} = after;
	const results = (fs.existsSync(assignment.results) ? readResults(assignment.results).results : []).filter(
		({repetition, file}) => repetition === assignment.repetition && files.includes(file),
	);
	const claims = new Map<string, PlannedScenario>();
	const said = after.progress.filter(({scenario}) => files.includes(scenario.file)).map(({scenario}) => scenario);
	for (const scenario of [...after.announced.filter(each => isWanted(each, assignment)), ...said]) {
		claims.set(scenarioId(scenario), scenario);
	}

	const known = new Set(results.map(scenarioId));
	const lost = [...claims.values()].filter(scenario => !known.has(scenarioId(scenario)));
	const found = lost.map(scenario => broken(after, scenario, whyLost(after, scenario)));
	// A file that failed to load announced no titles; report it as broken. Not with a filter: the file may have nothing to run.
	const silent = files.filter(
		file =>
			assignment.filter.length === 0 && !assignment.only && ![...claims.values()].some(each => each.file === file),
	);
	found.push(...silent.map(file => broken(after, {title: `${file} proves something`, file}, whySilent(after, file))));

	// Results from another process of the same file do not explain the exit code of this one.
	const own = results.filter(each => isWanted(each, assignment));
	const red = found.length + own.filter(({verdict}) => verdict === 'failed' || verdict === 'broken').length;
	if (after.exitCode !== 0 && red === 0 && after.hungAt === undefined) {
		const file = files[0]!;
		found.push(
			broken(
				after,
				{title: 'the scenario process ends well', file},
				reason(after, `the scenario process ended with ${how(after)}, though every scenario passed`),
			),
		);
	}

	return found;
}

function broken({cell, assignment}: Job, scenario: PlannedScenario, why: Reason): MissingResult {
	return {
		scenario,
		result: {
			cell: cell.cell.id,
			title: scenario.title,
			file: scenario.file,
			line: scenario.line,
			repetition: assignment.repetition,
			verdict: 'broken',
			reason: why,
			startedAt: new Date().toISOString(),
			seconds: 0,
			metrics: {},
			evidence: [],
			log: [],
		},
	};
}

function whyLost(after: Aftermath, scenario: PlannedScenario): Reason {
	const own = after.progress.filter(each => scenarioId(each.scenario) === scenarioId(scenario));
	const until = own.findLast(each => each.progress === 'waiting')?.until;
	const waited = until ? `, while waiting until ${until}` : '';
	if (after.hungAt === scenario.file) {
		return own.some(each => each.progress === 'started')
			? reason(after, `it did not end within its limit and the process did not answer${waited}: an endless loop?`)
			: reason(after, 'its file hung before it was its turn');
	}

	return own.some(each => each.progress === 'started')
		? reason(after, `its process ended in the middle of it (${cause(after) ?? how(after)})${waited}`)
		: reason(after, `its process ended before it was its turn (${cause(after) ?? how(after)})`);
}

function whySilent(after: Aftermath, file: string): Reason {
	return after.hungAt === file
		? reason(after, `${file} did not finish loading`)
		: reason(after, `${file} does not load, or holds no scenario: ${errorOf(after, file) ?? how(after)}`);
}

/** Returns the line in which AVA reports why it could not go on with a file. */
function errorOf({output}: Aftermath, file: string): string | undefined {
	const lines = output.split('\n').map(line => line.trim());
	const named = lines.find(line => line.includes(file) && !line.startsWith('at '));
	const error = lines.find(line => /^(\w*Error|Uncaught exception|Line \d+)\b.*/.test(line) && /Error/.test(line));
	return error ?? named;
}

function cause({output}: Aftermath): string | undefined {
	const lines = output.split('\n').map(line => line.replace(/^[\s✖✘]+/, '').trim());
	const at = lines.findIndex(line =>
		/process\.exit|exited due to|exited with|Uncaught exception|Unhandled rejection/.test(line),
	);
	// AVA prints the name of the file, its text, and then the error.
	const isThrown = /^(Uncaught|Unhandled)/.test(lines[at] ?? '');
	const error = isThrown ? lines.slice(at + 1).find(line => /^\w*Error\b.*: /.test(line)) : undefined;
	return error ? `${lines[at]}: ${error}` : lines[at];
}

function reason(after: Aftermath, message: string): Reason {
	return {
		message,
		type: 'NoResult',
		details: `${message}\n\n${after.output}`.trim(),
		remedy: 'The whole output is in ava.log in the folder of the cell.',
	};
}

function how({exitCode, signal}: Aftermath): string {
	return signal ? `ended by ${signal}` : `exit code ${exitCode}`;
}
