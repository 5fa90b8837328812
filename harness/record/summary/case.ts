/** One claim on one cell, over all its tries. */
import {type PlannedScenario, type Reason, scenarioId, type Verdict} from '../../model/index.ts';
import {counted} from '../counted.ts';
import {type CaseSummary, count, type Try} from './summary.ts';

const worstFirst: Verdict[] = ['failed', 'broken', 'passed', 'skipped'];

/**
 * The verdict over repetitions is the worst one: repeating is for finding flakes, never for painting them green.
 * Within one repetition only the lab's own trouble may be tried again: the last try counts, unless one failed.
 * @param title what reports call it.
 */
export function summariseCase(scenario: PlannedScenario, tries: Try[], title = scenario.title): CaseSummary {
	const outcomes = [...Map.groupBy(tries, each => each.repetition).values()].map(outcomeOf);
	const repetitions = count(outcomes.map(each => each.verdict));
	const verdict = worstFirst.find(each => repetitions[each] > 0) ?? 'skipped';
	const deciding = outcomes.filter(each => each.verdict === verdict);
	// The first failure is the one to read; of passes, the last is as good as any.
	const decisive = (verdict === 'passed' ? deciding.at(-1) : deciding[0]) ?? noTry;
	const others = tries.filter(each => each !== decisive && isRed(each));
	return {
		id: scenarioId(scenario),
		title,
		file: scenario.file,
		...(scenario.line !== undefined && {line: scenario.line}),
		verdict,
		...(verdict !== 'passed' && {reason: withShare(reasonOf(decisive), verdict, repetitions)}),
		startedAt: decisive.startedAt,
		seconds: decisive.seconds,
		repetitions,
		flaky: repetitions.passed > 0 && repetitions.failed + repetitions.broken > 0,
		otherTries: others.map(each => ({
			verdict: each.verdict as 'failed' | 'broken',
			reason: reasonOf(each),
			seconds: each.seconds,
		})),
		...(decisive.origin && {origin: decisive.origin}),
		metrics: medians(tries.map(each => each.metrics)),
		evidence: [...new Set([decisive, ...others].flatMap(each => each.evidence))],
		log: decisive.log,
	};
}

const noTry: Try = {verdict: 'skipped', repetition: 1, seconds: 0, startedAt: '', metrics: {}, evidence: [], log: []};

function outcomeOf(tries: Try[]): Try {
	return tries.find(each => each.verdict === 'failed') ?? tries.at(-1) ?? noTry;
}

function isRed(each: Try): boolean {
	return each.verdict === 'failed' || each.verdict === 'broken';
}

function reasonOf(each: Try): Reason {
	return each.reason ?? {message: 'No reason was recorded.', type: each.verdict, details: ''};
}

function withShare(reason: Reason, verdict: Verdict, repetitions: Record<Verdict, number>): Reason {
	const all = Object.values(repetitions).reduce((sum, each) => sum + each, 0);
	return all < 2 || verdict === 'skipped'
		? reason
		: {...reason, message: `${repetitions[verdict]} of ${counted(all, 'repetition')} ${verdict}: ${reason.message}`};
}

function medians(measured: Record<string, number>[]): Record<string, number> {
	const names = new Set(measured.flatMap(each => Object.keys(each)));
	return Object.fromEntries(
		[...names].map(name => {
			const values = measured.flatMap(each => each[name] ?? []).sort((a, b) => a - b);
			return [name, values[Math.floor((values.length - 1) / 2)] ?? 0];
		}),
	);
}
