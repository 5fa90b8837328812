/** One cell of a run, from the events that tell of it. */

import {applies} from '../../applies.ts';
import type {Cell, PlannedScenario} from '../../model/index.ts';
import {summariseCase} from './case.ts';
import {type Ending, missingResult, missingTry, noResult} from './missing.ts';
import {type CellHistory, cameUp, provisionCase, secondsBetween} from './provision.ts';
import {type CaseSummary, type CellSummary, count} from './summary.ts';
import type {ToldCell, ToldRun} from './told.ts';
import type {KeptTry, Tries, Try} from './tries.ts';

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
		tries: Tries;
		titlesDiffer: boolean;
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
	run: {scenarios: PlannedScenario[]; ending: Ending; tries: Tries; titlesDiffer: boolean},
): CaseSummary[] {
	const up = cameUp(history);
	const keep = (one: Try) => run.tries.at(run.tries.keep(one));
	const missing = (scenario: PlannedScenario, started: boolean, repetition: number, at: string) =>
		keep(missingTry(scenario, repetition, at, missingResult(started, up, history.outcome, run.ending)));
	const cases: CaseSummary[] = [];
	const triesOf = triesByClaim(told.tries, run.tries);
	for (const {scenario, ofFile} of claimsOf(run.scenarios, told.tries, run)) {
		const isIts = (each: {file: string}) => !ofFile || each.file === scenario.file;
		const tries = triesOf({scenario, ofFile});
		for (const {repetition, at} of (told.starts.get(scenario.title) ?? []).filter(isIts)) {
			if (!tries.some(each => each.repetition === repetition)) {
				tries.push(missing(scenario, true, repetition, at));
			}
		}

		cases.push(
			summariseCase(
				ofFile ? {...scenario, title: `${scenario.title} (${scenario.file})`} : scenario,
				tries.length > 0 ? tries : [missing(scenario, false, 1, history.endedAt)],
				run.tries,
			),
		);
	}

	return cases.length > 0 || history.outcome?.state !== 'tested'
		? cases
		: [summariseCase({title: 'scenarios', file: ''}, [keep(nothingProven(history.endedAt))], run.tries)];
}

/** A cell without a single claim must not look green. */
function nothingProven(at: string): Try {
	const reason = {message: 'no scenario was announced and none told a result', type: 'NoResult', details: ''};
	return missingTry({file: ''}, 1, at, {verdict: 'broken', reason});
}

interface Claim {
	scenario: PlannedScenario;
	/** The same claim in two files is two claims; otherwise the title alone tells which one it is. */
	ofFile: boolean;
}

/** Those of a title in several files are made anew once, and not for each file again. */
function triesByClaim(told: ToldCell['tries'], tries: Tries): (claim: Claim) => KeptTry[] {
	const byFile = new Map<string, Map<string, KeptTry[]>>();
	return ({scenario: {title, file}, ofFile}) => {
		if (!ofFile) {
			return tries.upTo(told.get(title));
		}

		const those = byFile.get(title) ?? Map.groupBy(tries.upTo(told.get(title)), each => each.file);
		byFile.set(title, those);
		return [...(those.get(file) ?? [])];
	};
}

/** What was announced, then what told a result all the same: nothing that was proven is left out. */
function* claimsOf(
	announced: PlannedScenario[],
	told: ToldCell['tries'],
	{tries, titlesDiffer}: Pick<ToldRun, 'tries' | 'titlesDiffer'>,
): Generator<Claim> {
	// Most cells told of what was announced and of nothing else: what would find more is large, too, where the cell is.
	const isAsAnnounced =
		titlesDiffer && announced.reduce((all, {title}) => all + Number(told.has(title)), 0) === told.size;
	const files = isAsAnnounced ? new Map<string, Set<string>>() : filesByTitle(announced);
	const isAmbiguous = (title: string) => (files.get(title)?.size ?? 0) > 1;
	for (const scenario of announced) {
		yield {scenario, ofFile: isAmbiguous(scenario.title)};
	}

	for (const [title, last] of isAsAnnounced ? [] : told) {
		const known = files.get(title);
		const others = !known ? tries.upTo(last).slice(0, 1) : known.size > 1 ? oneOfEach(tries.upTo(last), known) : [];
		for (const {file, line} of others) {
			yield {scenario: {title, file, ...(line !== undefined && {line})}, ofFile: isAmbiguous(title)};
		}
	}
}

function filesByTitle(scenarios: PlannedScenario[]): Map<string, Set<string>> {
	const files = new Map<string, Set<string>>();
	for (const {title, file} of scenarios) {
		files.set(title, (files.get(title) ?? new Set()).add(file));
	}

	return files;
}

/** One of each file that is not among the known ones. */
function oneOfEach(tries: Try[], known: Set<string>): Try[] {
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
