/** Makes the summary of one cell of a run from its events. */

import {applies} from '../../applies.ts';
import {predict} from '../../expect/relation.ts';
import {type Cell, type Claim, type KnownFailure, type PlannedScenario, scenarioId} from '../../model/index.ts';
import {summariseCase} from './case.ts';
import type {GatheredCell, GatheredRun} from './gather.ts';
import {type Ending, missingResult, missingTry, noResult} from './missing.ts';
import type {NameOf} from './names.ts';
import {type CellHistory, isProvisioned, provisionCase, secondsBetween} from './provision.ts';
import {type CaseSummary, type CellSummary, count} from './summary.ts';
import type {Tries, Try} from './tries.ts';

/** Makes the summary of one cell. `run` is what the cell shares with the others. */
export function summariseCell(
	cell: Cell,
	gathered: GatheredCell,
	run: {
		artifacts: GatheredRun['artifacts'];
		scenarios: GatheredRun['scenarios'];
		knownFailures: readonly KnownFailure[];
		ending: Ending;
		startedAt: string;
		endedAt: string;
		tries: Tries;
		/** Returns the name of a scenario in reports. */
		nameOf: NameOf;
	},
): CellSummary {
	const history = historyOf(gathered, run);
	const scenarios = new Map([...run.scenarios].filter(([, each]) => applies(each, cell)));
	const {outcome} = history;
	const cases = [provisionCase(history), ...scenarioCases(cell, gathered, history, {...run, scenarios})];
	const state = outcome?.state ?? 'unfinished';
	return {
		cell,
		state,
		...(outcome && outcome.state !== 'tested' && {reason: outcome.reason}),
		...(!outcome && {reason: history.missing}),
		startedAt: history.startedAt,
		seconds: gathered.finished?.seconds ?? secondsBetween(history.startedAt, history.endedAt),
		stages: history.stages.map(({stage, at}, index) => ({
			stage,
			seconds: secondsBetween(at, history.stages[index + 1]?.at ?? history.endedAt),
		})),
		cases,
		counts: count(cases.map(each => each.verdict)),
		metrics: gathered.metrics,
		retries: history.retries,
		leftovers: gathered.leftovers,
		notices: gathered.notices,
		artifacts: artifactsOf(cell, run.artifacts),
		orders: gathered.orders.map(({repetition, scenarios: claims}) => ({repetition, titles: claims.map(run.nameOf)})),
	};
}

function historyOf(
	{stages, finished, doing, retries}: GatheredCell,
	{ending, startedAt, endedAt}: {ending: Ending; startedAt: string; endedAt: string},
): CellHistory {
	const where = [stages.at(-1)?.stage ?? 'waiting', ...(doing === undefined ? [] : [doing])].join('; ');
	return {
		startedAt: stages.find(each => each.stage !== 'waiting')?.at ?? startedAt,
		endedAt: finished?.at ?? endedAt,
		stages,
		outcome: finished?.outcome,
		retries,
		run: ending.state,
		missing:
			ending.state === 'finished'
				? {message: `the record does not say how the cell ended (${where})`, type: 'NoResult', details: ''}
				: noResult(`before the cell was done (${where})`, undefined, ending),
	};
}

function scenarioCases(
	cell: Cell,
	gathered: GatheredCell,
	history: CellHistory,
	run: {
		scenarios: GatheredRun['scenarios'];
		knownFailures: readonly KnownFailure[];
		startedAt: string;
		ending: Ending;
		tries: Tries;
		nameOf: NameOf;
	},
): CaseSummary[] {
	const up = isProvisioned(history);
	const keep = (one: Try) => run.tries.at(run.tries.keep(one));
	const missing = (scenario: PlannedScenario, started: boolean, repetition: number, at: string) =>
		keep(missingTry(scenario, repetition, at, missingResult(started, up, history.outcome, run.ending)));
	const cases: CaseSummary[] = [];
	for (const {scenario, ids} of claimsOf(run.scenarios, gathered, run.tries)) {
		const tries = ids.flatMap(id => run.tries.upTo(gathered.tries.get(id)));
		for (const {repetition, at} of ids.flatMap(id => gathered.starts.get(id) ?? [])) {
			if (!tries.some(each => each.repetition === repetition)) {
				tries.push(missing(scenario, true, repetition, at));
			}
		}

		const prediction = predict(scenario, cell, run.knownFailures);
		const expected = prediction && {prediction, day: run.startedAt.slice(0, 10)};
		const of = {scenario, id: ids[0]!, title: run.nameOf(scenario), expected};
		cases.push(summariseCase(of, tries.length > 0 ? tries : [missing(scenario, false, 1, history.endedAt)], run.tries));
	}

	return cases.length > 0 || history.outcome?.state !== 'tested'
		? cases
		: [
				summariseCase(
					{scenario: noScenario, id: scenarioId(noScenario), title: noScenario.title},
					[keep(nothingProven(history.endedAt))],
					run.tries,
				),
			];
}

/** The scenario of the case that a cell without scenarios gets. */
const noScenario: PlannedScenario = {title: 'scenarios', file: ''};

/** Makes a broken try: a cell without a single claim must not look green. */
function nothingProven(at: string): Try {
	const reason = {message: 'no scenario was announced, and none has a result', type: 'NoResult', details: ''};
	return missingTry({file: ''}, 1, at, {verdict: 'broken', reason});
}

interface CellClaim {
	scenario: PlannedScenario;
	/** The ids of its lines: its own, and that of lines that have lost their file but can only be about this scenario. */
	ids: string[];
}

/** Yields the announced scenarios, then those that have a result and were not announced: no result is left out. */
function* claimsOf(announced: GatheredRun['scenarios'], gathered: GatheredCell, tries: Tries): Generator<CellClaim> {
	const lost = someLost(gathered.tries.keys()) || someLost(gathered.starts.keys());
	const titles = lost ? Map.groupBy(announced.values(), ({title}) => title) : undefined;
	const isOnly = ({title}: Claim) => titles?.get(title)?.length === 1;
	for (const [id, scenario] of announced) {
		yield {scenario, ids: isOnly(scenario) ? [id, scenarioId({file: '', title: scenario.title})] : [id]};
	}

	for (const [id, last] of gathered.tries) {
		if (!announced.has(id)) {
			const claim = claimOf(id);
			if (!(isLost(id) && isOnly(claim))) {
				const {line} = tries.upTo(last)[0]!;
				yield {scenario: {...claim, line}, ids: [id]};
			}
		}
	}
}

/** Returns whether the line of this id lost its file (it is damaged): then it is about the only scenario with its title. */
export function isLost(id: string): boolean {
	return id.startsWith('\n');
}

function someLost(ids: Iterable<string>): boolean {
	for (const id of ids) {
		if (isLost(id)) {
			return true;
		}
	}

	return false;
}

/** Returns the claim of a `scenarioId`. */
export function claimOf(id: string): Claim {
	const end = id.indexOf('\n');
	return {file: id.slice(0, end), title: id.slice(end + 1)};
}

/** Returns the artifacts of all nodes. */
function artifactsOf({nodes}: Cell, events: GatheredRun['artifacts']): CellSummary['artifacts'] {
	const found = new Map<string, {kind: string; key: string}>();
	for (const {kind, label, key} of events) {
		const isOfNode = () => nodes.some(({kernel, engine}) => label === (kind === 'kernel' ? kernel : engine).label);
		if (key && (kind === 'images' || isOfNode())) {
			found.set(kind === 'images' ? kind : `${kind} ${label}`, {kind, key});
		}
	}

	return [...found.values()];
}
