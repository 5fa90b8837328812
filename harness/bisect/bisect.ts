/** Drives a search: measures what the state machine asks for, and writes down what came. All steps are in one function. */
import type {Journal, Measurement} from './journal.ts';
import {type Answer, type Answers, afterwards, nextStep, type Point, type Refusal} from './search.ts';
import {answerOf, noTally, type Rates, type Tally, together} from './sequential.ts';

/** What a run of one version came to. */
export interface Trial {
	tally: Tally;
	message?: string;
	/** Folder of the run; absent if none began. */
	folder?: string;
	/** It was interrupted: the search ends, and can be resumed. */
	interrupted?: boolean;
}

/** How versions are measured. */
export interface Prover {
	/**
	 * Proves the claim on a version until `enough`, on fresh machines each time. Never throws for trouble of the lab.
	 * @param enough gets what this run came to so far
	 * @param begun receives the folder of the run as soon as it is there
	 */
	prove(point: Point, how: {enough: (tally: Tally) => boolean; begun: (folder: string) => void}): Promise<Trial>;
	/** Reads what a run that did not end came to. */
	recall(point: Point, folder: string): Tally;
	/** Builds what these versions need while another one is measured. Never throws; returns how to end it. */
	prepare?(points: readonly Point[]): () => Promise<void>;
}

export interface Progress {
	/** A version begins, with what earlier processes measured of it. */
	begins(point: Point, known: Tally): void;
	measured(point: Point, measurement: Measurement, resumed: boolean): void;
}

export type Outcome =
	| {end: 'found'; good: string; bad: string; unknown: string[]; measurements: Map<string, Measurement>}
	| {end: 'refused'; why: Refusal; measurements: Map<string, Measurement>}
	| {end: 'interrupted'; measurements: Map<string, Measurement>};

/** Searches. `points` are in the order of the axis, from the good end to the bad end. */
export async function bisect(
	points: readonly Point[],
	{prover, journal, rates, progress}: {prover: Prover; journal: Journal; rates: Rates; progress: Progress},
): Promise<Outcome> {
	const measurements = new Map<string, Measurement>();
	const preparing: {ids: string[]; stop: () => Promise<void>}[] = [];
	try {
		return await search();
	} finally {
		await stopUnless(() => false);
	}

	async function search(): Promise<Outcome> {
		const answers = new Map<string, Answer>();
		for (;;) {
			// 1. What is asked?
			const next = nextStep(points, answers);
			if ('found' in next) {
				journal.end();
				return {end: 'found', ...next.found, measurements};
			}

			if ('refused' in next) {
				journal.end();
				return {end: 'refused', why: next.refused, measurements};
			}

			// 2. It is known already, or it is measured.
			const point = points.find(({id}) => id === next.measure)!;
			const known = journal.known.get(point.id);
			const measured = known ?? (await measure(point, answers));
			if (!measured) {
				return {end: 'interrupted', measurements};
			}

			// 3. It is written down.
			if (!known) {
				journal.add(measured);
			}

			measurements.set(point.id, measured);
			answers.set(point.id, measured.answer);
			progress.measured(point, measured, known !== undefined);
		}
	}

	/** Ends what is built, unless it is still of use: a run waits for a build of the same. */
	async function stopUnless(isOfUse: (id: string) => boolean): Promise<void> {
		for (const each of preparing.splice(0)) {
			if (each.ids.some(isOfUse)) {
				preparing.push(each);
			} else {
				await each.stop();
			}
		}
	}

	async function measure(point: Point, answers: Answers): Promise<Measurement | undefined> {
		const earlier = journal.runsOf(point.id);
		const before = earlier.map(folder => prover.recall(point, folder)).reduce(together, noTally);
		progress.begins(point, before);
		const answered = answerOf(before, rates);
		const upcoming = afterwards(points, answers, point.id);
		await stopUnless(id => id === point.id || upcoming.includes(id));
		const soon = upcoming.filter(id => !journal.known.has(id) && !preparing.some(({ids}) => ids.includes(id)));
		if (answered === undefined && soon.length > 0 && prover.prepare) {
			preparing.push({ids: soon, stop: prover.prepare(points.filter(({id}) => soon.includes(id)))});
		}

		const trial: Trial =
			answered === undefined
				? await prover.prove(point, {
						enough: tally => answerOf(together(before, tally), rates) !== undefined,
						begun: folder => journal.begun(point.id, folder),
					})
				: {tally: noTally};
		if (trial.interrupted) {
			return undefined;
		}

		const tally = together(before, trial.tally);
		return {
			point: point.id,
			// Less than was asked for: the version could not be brought up.
			answer: answerOf(tally, rates) ?? 'unknown',
			tally,
			...(trial.message !== undefined && {message: trial.message}),
			runs: [...earlier, ...(trial.folder ? [trial.folder] : [])],
		};
	}
}
