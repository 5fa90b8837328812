/** One claim on one cell, over all its tries. */
import type {Disagreement, Origin, PlannedScenario, Reason, Verdict} from '../../model/index.ts';
import {type ExpectedHere, related} from './expected.ts';
import {keptReason, reasonOf} from './kept-reason.ts';
import {withShare} from './share.ts';
import {type CaseSummary, type CaseVerdict, type Counts, count} from './summary.ts';
import type {KeptTry, Tries, Try} from './tries.ts';

const worstFirst: Verdict[] = ['failed', 'broken', 'passed', 'skipped'];

/**
 * Makes the case of a scenario. The verdict over repetitions is the worst one: repetitions find flaky scenarios and never
 * hide them. Within one repetition only trouble of the lab may be tried again: the last try counts, unless one failed.
 */
export function summariseCase(of: NamedScenario, tries: KeptTry[], kept: Tries): CaseSummary {
	const outcomes =
		tries.length === 1 ? tries : [...Map.groupBy(tries, each => each.repetition).values()].map(outcomeOf);
	const repetitions = count(outcomes.map(each => each.verdict));
	const verdict = worstFirst.find(each => repetitions[each] > 0) ?? 'skipped';
	const deciding = outcomes.filter(each => each.verdict === verdict);
	// Report the first failure. Of passes, take the last.
	const decisive = (verdict === 'passed' ? deciding.at(-1) : deciding[0]) ?? tries[0]!;
	return new ProvenCase(of, decisive, related(outcomeFrom(decisive, tries, repetitions, kept), of.expected), kept);
}

/** A scenario, and its name. */
export interface NamedScenario {
	scenario: PlannedScenario;
	/** Its `scenarioId`. */
	id: string;
	/** Its name in reports. */
	title: string;
	/** What was expected of it on this cell; absent: nothing. */
	expected?: ExpectedHere | undefined;
}

/** The parts of a case that are the same for many claims. Without `evidence`, the evidence is that of the one try. */
type Outcome = Pick<
	CaseSummary,
	| 'verdict'
	| 'expectation'
	| 'reason'
	| 'repetitions'
	| 'otherTries'
	| 'origin'
	| 'metrics'
	| 'disagreements'
	| 'faults'
> &
	Partial<Pick<CaseSummary, 'evidence'>>;

const nothing: never[] = [];
const once = Object.fromEntries(worstFirst.map(verdict => [verdict, count([verdict])])) as Record<Verdict, Counts>;

function outcomeFrom(decisive: KeptTry, tries: Try[], repetitions: Counts, kept: Tries): Outcome {
	const {verdict, origin, metrics, evidence, faults} = decisive;
	const isPlain = Object.keys(metrics).length === 0 && evidence.length === 0 && !faults && !decisive.disagreements;
	if (tries.length === 1) {
		return verdict === 'passed' && isPlain
			? held(origin)
			: {
					verdict,
					...(verdict !== 'passed' && {reason: keptReason(decisive, kept)}),
					...{repetitions: once[verdict], otherTries: nothing, origin, metrics},
					...(decisive.disagreements && {disagreements: disagreementsOf(tries)}),
					...(faults && {faults}),
				};
	}

	const differing = disagreementsOf(tries);
	const others = tries.filter(each => each !== decisive && isRed(each));
	return {
		verdict,
		...(verdict !== 'passed' && {reason: withShare(reasonOf(decisive), verdict, repetitions)}),
		repetitions,
		otherTries: others.map(each => ({
			verdict: each.verdict as 'failed' | 'broken',
			reason: reasonOf(each),
			seconds: each.seconds,
		})),
		origin,
		metrics: medians(tries.map(each => each.metrics)),
		evidence: [...new Set([decisive, ...others].flatMap(each => each.evidence))],
		...(differing.length > 0 && {disagreements: differing}),
		...(faults && {faults}),
	};
}

/** Returns what nodes had other than the managers reported, each once. */
function disagreementsOf(tries: Try[]): Disagreement[] {
	return [
		...new Map(tries.flatMap(({disagreements = []}) => disagreements.map(each => [each.says, each] as const))).values(),
	];
}

const heldFrom = new Map<Origin | undefined, Outcome>();

/** Returns the outcome of a claim that ran once and passed, as nearly all do. All such claims of an origin share one object. */
function held(origin: Origin | undefined): Outcome {
	let outcome = heldFrom.get(origin);
	if (!outcome) {
		outcome = {
			verdict: 'passed',
			repetitions: once.passed,
			otherTries: nothing,
			metrics: {},
			evidence: nothing,
			origin,
		};
		// A record may have any number of origins that this swarmlab does not know.
		if (heldFrom.size < 20) {
			heldFrom.set(origin, outcome);
		}
	}

	return outcome;
}

/** A large run has a hundred thousand cases. Each holds what several reports need, and makes the rest on demand. */
class ProvenCase implements CaseSummary {
	readonly id: string;
	readonly title: string;
	readonly seconds: number;
	readonly #scenario: PlannedScenario;
	readonly #outcome: Outcome;
	readonly #kept: Tries;
	readonly #place: number;

	constructor({scenario, id, title}: NamedScenario, {seconds, place}: KeptTry, outcome: Outcome, kept: Tries) {
		this.id = id;
		this.title = title;
		this.seconds = seconds;
		this.#scenario = scenario;
		this.#outcome = outcome;
		this.#kept = kept;
		this.#place = place;
	}

	get verdict(): CaseVerdict {
		return this.#outcome.verdict;
	}

	get expectation(): CaseSummary['expectation'] {
		return this.#outcome.expectation;
	}

	get reason(): Reason | undefined {
		return this.#outcome.reason;
	}

	get repetitions(): Counts {
		return this.#outcome.repetitions;
	}

	get otherTries(): CaseSummary['otherTries'] {
		return this.#outcome.otherTries;
	}

	get origin(): Origin | undefined {
		return this.#outcome.origin;
	}

	get metrics(): Record<string, number> {
		return this.#outcome.metrics;
	}

	get evidence(): string[] {
		return this.#outcome.evidence ?? this.#kept.at(this.#place).evidence;
	}

	get disagreements(): CaseSummary['disagreements'] {
		return this.#outcome.disagreements;
	}

	get faults(): CaseSummary['faults'] {
		return this.#outcome.faults;
	}

	get file(): string {
		return this.#scenario.file;
	}

	get line(): number | undefined {
		return this.#scenario.line;
	}

	get flaky(): boolean {
		const {passed, failed, broken} = this.repetitions;
		return passed > 0 && failed + broken > 0;
	}

	get startedAt(): string {
		return this.#kept.at(this.#place).startedAt;
	}

	get log(): string[] {
		return this.#kept.at(this.#place).log;
	}

	/** Returns the case as `summary.json` has it. */
	toJSON(): CaseSummary {
		const {startedAt, log} = this.#kept.at(this.#place);
		return {
			id: this.id,
			title: this.title,
			file: this.file,
			line: this.line,
			verdict: this.verdict,
			...(this.expectation && {expectation: this.expectation}),
			reason: this.reason,
			startedAt,
			seconds: this.seconds,
			repetitions: this.repetitions,
			flaky: this.flaky,
			otherTries: this.otherTries,
			origin: this.origin,
			metrics: this.metrics,
			evidence: this.evidence,
			...(this.disagreements && {disagreements: this.disagreements}),
			...(this.faults && {faults: this.faults}),
			log,
		};
	}
}

function outcomeOf(tries: KeptTry[]): KeptTry {
	return tries.find(each => each.verdict === 'failed') ?? tries.at(-1)!;
}

function isRed(each: Try): boolean {
	return each.verdict === 'failed' || each.verdict === 'broken';
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
