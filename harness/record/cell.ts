/** One cell of a run, from the events that tell of it. */
import type {Cell, Event, PlannedScenario, Result} from '../model.ts';
import {applies} from './applies.ts';
import {summariseCase} from './case.ts';
import {type Ending, missingResult, missingTry, noResult} from './missing.ts';
import {type CellHistory, cameUp, eventsOf, provisionCase, secondsBetween} from './provision.ts';
import {type CaseSummary, type CellSummary, count, type Try} from './summary.ts';

/** Makes the summary of one cell. `run` is what the cell shares with the others. */
export function summariseCell(
	cell: Cell,
	run: {events: readonly Event[]; scenarios: PlannedScenario[]; ending: Ending; startedAt: string; endedAt: string},
): CellSummary {
	const events = eventsOf(cell.id, run.events);
	const history = historyOf(events, run);
	const scenarios = run.scenarios.filter(each => applies(each, cell));
	const {outcome} = history;
	const cases = [provisionCase(history), ...scenarioCases(events, history, {...run, scenarios})];
	const state = outcome?.state ?? 'unfinished';
	return {
		cell,
		state,
		...(outcome && outcome.state !== 'tested' && {reason: outcome.reason}),
		...(!outcome && {reason: history.missing}),
		startedAt: history.startedAt,
		seconds:
			events.find(each => each.event === 'cell-finished')?.seconds ??
			secondsBetween(history.startedAt, history.endedAt),
		stages: history.stages.map(({stage, at}, index) => ({
			stage,
			seconds: secondsBetween(at, history.stages[index + 1]?.at ?? history.endedAt),
		})),
		cases,
		counts: count(cases.map(each => each.verdict)),
		metrics: Object.assign({}, ...events.map(each => (each.event === 'cell-measured' ? each.metrics : {}))),
		retries: history.retries,
		leftovers: events.flatMap(each => (each.event === 'leftover' ? [{what: each.what, why: each.why}] : [])),
		notices: events.flatMap(each => (each.event === 'notice' ? [{level: each.level, message: each.message}] : [])),
		artifacts: artifactsOf(cell, run.events),
		orders: events.flatMap(each =>
			each.event === 'order' ? [{repetition: each.repetition, titles: each.scenarios.map(({title}) => title)}] : [],
		),
	};
}

function historyOf(
	events: Event[],
	{ending, startedAt, endedAt}: {ending: Ending; startedAt: string; endedAt: string},
): CellHistory {
	const stages = events.flatMap(each => (each.event === 'cell-stage' ? [{stage: each.stage, at: each.at}] : []));
	const finished = events.find(each => each.event === 'cell-finished');
	const doing = events.findLast(each => each.event === 'machine');
	const where = [stages.at(-1)?.stage ?? 'waiting', ...(doing ? [`${doing.machine}: ${doing.doing}`] : [])].join('; ');
	return {
		startedAt: stages.find(each => each.stage !== 'waiting')?.at ?? startedAt,
		endedAt: finished?.at ?? endedAt,
		stages,
		...(finished && {outcome: finished.outcome}),
		retries: events.flatMap(each =>
			each.event === 'infrastructure-retry'
				? [
						{
							at: each.at,
							...(each.machine && {machine: each.machine}),
							reason: each.reason,
							consoleTail: each.consoleTail ?? [],
						},
					]
				: [],
		),
		missing: noResult(`before the cell was done (${where})`, undefined, ending),
	};
}

function scenarioCases(
	events: Event[],
	history: CellHistory,
	run: {scenarios: PlannedScenario[]; ending: Ending},
): CaseSummary[] {
	const results = events.flatMap(each => (each.event === 'result' ? [each.result] : []));
	const scenarios = withUnannounced(run.scenarios, results);
	const up = cameUp(history);
	const cases = scenarios.map(scenario => {
		const isIts = (each: {title: string; file: string}) =>
			each.title === scenario.title && (!isAmbiguous(scenario, scenarios) || each.file === scenario.file);
		const missing = (started: boolean, repetition: number, at: string) =>
			missingTry(repetition, at, missingResult(started, up, history.outcome, run.ending));
		const tries: Try[] = results.filter(isIts);
		for (const start of events) {
			if (
				start.event === 'scenario-started' &&
				isIts(start) &&
				!tries.some(each => each.repetition === start.repetition)
			) {
				tries.push(missing(true, start.repetition, start.at));
			}
		}

		return summariseCase(
			isAmbiguous(scenario, scenarios) ? {...scenario, title: `${scenario.title} (${scenario.file})`} : scenario,
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

/** The same claim in two files is two claims; otherwise the title alone tells which one it is. */
function isAmbiguous({title}: PlannedScenario, all: PlannedScenario[]): boolean {
	return new Set(all.filter(each => each.title === title).map(each => each.file)).size > 1;
}

function withUnannounced(announced: PlannedScenario[], results: Result[]): PlannedScenario[] {
	const titles = new Set(announced.map(each => each.title));
	const others = Map.groupBy(
		results.filter(each => !titles.has(each.title)),
		each => each.title,
	);
	return [
		...announced,
		...[...others].map(([title, [first]]) => ({
			title,
			file: first?.file ?? '',
			...(first?.line !== undefined && {line: first.line}),
		})),
	];
}

function artifactsOf({kernel, engine}: Cell, events: readonly Event[]): CellSummary['artifacts'] {
	const keys = new Map<string, string>();
	for (const each of events) {
		if (
			each.event === 'artifact' &&
			each.key &&
			(each.kind === 'images' || each.label === (each.kind === 'kernel' ? kernel : engine).label)
		) {
			keys.set(each.kind, each.key);
		}
	}

	return [...keys].map(([kind, key]) => ({kind, key}));
}
