/** One cell of a run, from the events that tell of it. */

import {applies} from '../../applies.ts';
import {type Cell, type Claim, type PlannedScenario, scenarioId} from '../../model/index.ts';
import {summariseCase} from './case.ts';
import {type Ending, missingResult, missingTry, noResult} from './missing.ts';
import type {NameOf} from './names.ts';
import {type CellHistory, cameUp, provisionCase, secondsBetween} from './provision.ts';
import {type CaseSummary, type CellSummary, count, type Try} from './summary.ts';
import type {Start, ToldCell, ToldRun, ToldTry} from './told.ts';

/** Makes the summary of one cell. `run` is what the cell shares with the others. */
export function summariseCell(
	cell: Cell,
	told: ToldCell,
	run: {
		artifacts: ToldRun['artifacts'];
		scenarios: PlannedScenario[];
		/** What reports call a scenario. */
		nameOf: NameOf;
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
		orders: told.orders.map(({repetition, scenarios}) => ({repetition, titles: scenarios.map(run.nameOf)})),
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
	run: {scenarios: PlannedScenario[]; nameOf: NameOf; ending: Ending},
): CaseSummary[] {
	const up = cameUp(history);
	const missing = (started: boolean, repetition: number, at: string) =>
		missingTry(repetition, at, missingResult(started, up, history.outcome, run.ending));
	const cases = claimsOf(run.scenarios, told).map(({scenario, tries: those, starts}) => {
		const tries: Try[] = [...those];
		for (const {repetition, at} of starts) {
			if (!tries.some(each => each.repetition === repetition)) {
				tries.push(missing(true, repetition, at));
			}
		}

		return summariseCase(
			scenario,
			tries.length > 0 ? tries : [missing(false, 1, history.endedAt)],
			run.nameOf(scenario),
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

interface ToldClaim {
	scenario: PlannedScenario;
	tries: readonly ToldTry[];
	starts: readonly Start[];
}

/** What was announced, then what told a result all the same: nothing that was proven is left out. */
function claimsOf(announced: readonly PlannedScenario[], told: Pick<ToldCell, 'tries' | 'starts'>): ToldClaim[] {
	const idOf = identifying(announced);
	const tries = Map.groupBy(told.tries, idOf);
	const starts = Map.groupBy([...told.starts.values()].flat(), idOf);
	const known = new Set(announced.map(scenarioId));
	const others = [...tries].flatMap(([id, [first]]) => (first && !known.has(id) ? [first] : []));
	return [...announced, ...others.map(({title, file, line}) => ({title, file, ...(line !== undefined && {line})}))].map(
		scenario => ({
			scenario,
			tries: tries.get(scenarioId(scenario)) ?? [],
			starts: starts.get(scenarioId(scenario)) ?? [],
		}),
	);
}

/** Which scenario a line is about. A damaged one may have lost its file: then it is about the only one of its title. */
function identifying(announced: readonly PlannedScenario[]): (line: Claim) => string {
	const files = Map.groupBy(announced, ({title}) => title);
	return line => {
		const [only, another] = line.file === '' ? (files.get(line.title) ?? []) : [];
		return scenarioId(only && !another ? only : line);
	};
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
