/**
 * The search for the place on an axis where a claim changes: a pure state machine. It is given what is known, and returns what
 * to measure next, or the end. Nothing is stored between two calls, so a search can be resumed from its journal.
 */

/** A version on the axis. */
export interface Point {
	/** Unique on the axis. */
	id: string;
	/** Its release: of `6.1.192` it is `6.1`. Releases are searched before the versions within one. */
	series: string;
}

/** `unknown`: it could not be decided. */
export type Answer = 'good' | 'bad' | 'unknown';

/** Why nothing is searched: an end is not what it was called. */
export type Refusal =
	| 'good is not good'
	| 'bad is not bad'
	| 'good and bad are exchanged'
	| 'good is not known'
	| 'bad is not known';

export type Next =
	| {measure: string}
	/** The neighbours, both measured; between them are only versions that could not be decided. */
	| {found: {good: string; bad: string; unknown: string[]}}
	| {refused: Refusal};

/** What a search knows. */
export type Answers = ReadonlyMap<string, Answer>;

/**
 * Returns the next step.
 * @param points in the order of the axis, from the good end to the bad end: two or more
 */
export function nextStep(points: readonly Point[], answers: Answers): Next {
	const [good, bad] = [points[0]!.id, points.at(-1)!.id];
	const unmeasured = [good, bad].find(id => !answers.has(id));
	if (unmeasured !== undefined) {
		return {measure: unmeasured};
	}

	const refused = refusalOf(answers.get(good)!, answers.get(bad)!);
	if (refused) {
		return {refused};
	}

	let [low, high] = [0, points.length - 1];
	for (;;) {
		const left = indicesBetween(low, high).filter(index => answers.get(points[index]!.id) !== 'unknown');
		if (left.length === 0) {
			const unknown = indicesBetween(low, high).map(index => points[index]!.id);
			return {found: {good: points[low]!.id, bad: points[high]!.id, unknown}};
		}

		const chosen = choose(points, left);
		const answer = answers.get(points[chosen]!.id);
		if (answer === undefined) {
			return {measure: points[chosen]!.id};
		}

		if (answer === 'good') {
			low = chosen;
		} else {
			high = chosen;
		}
	}
}

function refusalOf(good: Answer, bad: Answer): Refusal | undefined {
	if (good === 'bad' && bad === 'good') {
		return 'good and bad are exchanged';
	}

	if (good !== 'good') {
		return good === 'bad' ? 'good is not good' : 'good is not known';
	}

	return bad === 'bad' ? undefined : bad === 'good' ? 'bad is not bad' : 'bad is not known';
}

/** Returns the middle one, of those that end a release if there are any. */
function choose(points: readonly Point[], left: readonly number[]): number {
	const releases = left.filter(index => points[index]!.series !== points[index + 1]?.series);
	const from = releases.length > 0 ? releases : left;
	return from[Math.floor((from.length - 1) / 2)]!;
}

function indicesBetween(low: number, high: number): number[] {
	return Array.from({length: high - low - 1}, (_, index) => low + 1 + index);
}

/** Returns what may be measured after `id`, the next step for each answer: what is built meanwhile. */
export function afterwards(points: readonly Point[], answers: Answers, id: string): string[] {
	const steps = (['good', 'bad'] as const).map(answer => nextStep(points, new Map([...answers, [id, answer]])));
	return [...new Set(steps.flatMap(step => ('measure' in step ? [step.measure] : [])))];
}
