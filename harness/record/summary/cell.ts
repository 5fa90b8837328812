/** One cell of a run, from the events that tell of it. */

import {applies} from '../../applies.ts';
import type {Cell, PlannedScenario} from '../../model/index.ts';
import {summariseCase} from './case.ts';
import {type Ending, missingResult, missingTry, noResult} from './missing.ts';
import {type CellHistory, cameUp, provisionCase, secondsBetween} from './provision.ts';
import {type CaseSummary, type CellSummary, count, type Try} from './summary.ts';
import type {ToldCell, ToldRun, ToldTry} from './told.ts';

/** Makes the summary of one cell. `run` is what the cell shares with the others. */
export function summariseCell(
	cell: Cell,
	told: ToldCell,
	run: {
		artifacts: ToldRun['artifacts'];
		scenarios: PlannedScenario[];
		ending: Ending;
		startedAt: string;
		endedAt: string;
	},
): CellSummary {
	const history = historyOf(told, run);
	const scenarios = run.scenarios.filter(each => applies(each, cell));
	const {outcome} = history;
	const cases = [provisionCase(history), ...scenarioCases(told, history, {...run, scenarios})];
	const state = outcome?.state ?? 'unfinished';
	return {
		cell,
		state,
		...(outcome && outcome.state !== 'tested' && {reason: outcome.reason}),
		...(!outcome && {reason: history.missing}),
		startedAt: history.startedAt,
		seconds: told.finished?.seconds ?? secondsBetween(history.startedAt, history.endedAt),
		stages: history.stages.map(({stage, at}, index) => ({
			stage,
			seconds: secondsBetween(at, history.stages[index + 1]?.at ?? history.endedAt),
		})),
		cases,
		counts: count(cases.map(each => each.verdict)),
		metrics: told.metrics,
		retries: history.retries,
		leftovers: told.leftovers,
		notices: told.notices,
		artifacts: artifactsOf(cell, run.artifacts),
		orders: told.orders,
	};
}

function historyOf(
	{stages, finished, doing, retries}: ToldCell,
	{ending, startedAt, endedAt}: {ending: Ending; startedAt: string; endedAt: string},
): CellHistory {
	const where = [stages.at(-1)?.stage ?? 'waiting', ...(doing === undefined ? [] : [doing])].join('; ');
	return {
		startedAt: stages.find(each => each.stage !== 'waiting')?.at ?? startedAt,
		endedAt: finished?.at ?? endedAt,
		stages,
		...(finished && {outcome: finished.outcome}),
		retries,
		run: ending.state,
		missing:
			ending.state === 'finished'
				? {message: `the record does not tell how the cell came out (${where})`, type: 'NoResult', details: ''}
				: noResult(`before the cell was done (${where})`, undefined, ending),
	};
}

function scenarioCases(
	told: ToldCell,
	history: CellHistory,
	run: {scenarios: PlannedScenario[]; ending: Ending},
): CaseSummary[] {
	const up = cameUp(history);
	const missing = (started: boolean, repetition: number, at: string) =>
		missingTry(repetition, at, missingResult(started, up, history.outcome, run.ending));
	const claims = claimsOf(run.scenarios, told.tries);
	const cases = claims.map(({scenario, ofFile}) => {
		const isIts = (each: {file: string}) => !ofFile || each.file === scenario.file;
		const tries: Try[] = (told.tries.get(scenario.title) ?? []).filter(isIts);
		for (const {repetition, at} of (told.starts.get(scenario.title) ?? []).filter(isIts)) {
			if (!tries.some(each => each.repetition === repetition)) {
				tries.push(missing(true, repetition, at));
			}
		}

		return summariseCase(
			ofFile ? {...scenario, title: `${scenario.title} (${scenario.file})`} : scenario,
			tries.length > 0 ? tries : [missing(false, 1, history.endedAt)],
		);
	});
	return cases.length > 0 || history.outcome?.state !== 'tested'
		? cases
		: [summariseCase({title: 'scenarios', file: ''}, [nothingProven(history.endedAt)])];
}

/** A cell without a single claim must not look green. */
function nothingProven(at: string): Try {
	return missingTry(1, at, {
		verdict: 'broken',
		reason: {message: 'no scenario was announced and none told a result', type: 'NoResult', details: ''},
	});
}

interface Claim {
	scenario: PlannedScenario;
	/** The same claim in two files is two claims; otherwise the title alone tells which one it is. */
	ofFile: boolean;
}

/** What was announced, then what told a result all the same: nothing that was proven is left out. */
function claimsOf(announced: PlannedScenario[], tries: ToldCell['tries']): Claim[] {
	const files = new Map<string, Set<string>>();
	for (const {title, file} of announced) {
		files.set(title, (files.get(title) ?? new Set()).add(file));
	}

	const isAmbiguous = (title: string) => (files.get(title)?.size ?? 0) > 1;
	return [
		...announced.map(scenario => ({scenario, ofFile: isAmbiguous(scenario.title)})),
		...[...tries].flatMap(([title, those]) => {
			const known = files.get(title);
			const others = !known ? those.slice(0, 1) : known.size > 1 ? oneOfEach(those, known) : [];
			return others.map(({file, line}) => ({
				scenario: {title, file, ...(line !== undefined && {line})},
				ofFile: isAmbiguous(title),
			}));
		}),
	];
}

/** One of each file that is not among the known ones. */
function oneOfEach(tries: ToldTry[], known: Set<string>): ToldTry[] {
	return [...new Map(tries.filter(each => !known.has(each.file)).map(each => [each.file, each])).values()];
}

function artifactsOf({kernel, engine}: Cell, events: ToldRun['artifacts']): CellSummary['artifacts'] {
	const keys = new Map<string, string>();
	for (const {kind, label, key} of events) {
		if (key && (kind === 'images' || label === (kind === 'kernel' ? kernel : engine).label)) {
			keys.set(kind, key);
		}
	}

	return [...keys].map(([kind, key]) => ({kind, key}));
}
