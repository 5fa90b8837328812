/** Makes substitutes for missing results, so that none is lost in silence and counts are equal between runs. */
import type {CellOutcome, Reason} from '../../model/index.ts';
import type {RunSummary} from './summary.ts';
import type {Try} from './tries.ts';
export type Ending = Pick<RunSummary, 'state' | 'signal'>;

/** Type of the reason of scenarios that share the reason of their cell: reports show it once, at the cell. */
export const notProvisioned = 'NotProvisioned';

/** Returns why a scenario has no result: the reason of the cell if that is known, otherwise the reason of the run. */
export function missingResult(
	started: boolean,
	up: boolean,
	outcome: CellOutcome | undefined,
	ending: Ending,
): Pick<Try, 'verdict' | 'reason'> {
	if (outcome && outcome.state !== 'tested' && !started) {
		const why = up ? 'the cell broke before it' : 'cell not provisioned';
		return {
			verdict: 'skipped',
			reason: {message: `${why}: ${outcome.reason.message}`, type: notProvisioned, details: ''},
		};
	}

	return {verdict: 'broken', reason: noResult(started ? 'while it was being proven' : 'before it', outcome, ending)};
}

/** Returns the reason for something that the record announces but whose end it does not have. */
export function noResult(when: string, outcome: CellOutcome | undefined, {state, signal}: Ending): Reason {
	if (state === 'interrupted') {
		return {message: `no result: the run was interrupted (${signal}) ${when}`, type: 'Interrupted', details: ''};
	}

	if (outcome?.state === 'tested' || state === 'finished') {
		return {
			message: `no result: the scenario process ended ${when}`,
			type: 'NoResult',
			details: '',
			remedy: 'Look at the output of the scenario process in the folder of the cell.',
		};
	}

	if (outcome?.state === 'broken') {
		return {
			message: `no result: the cell broke ${when}: ${outcome.reason.message}`,
			type: 'NoResult',
			details: outcome.reason.details,
		};
	}

	return {message: `no result: the run ended ${when}`, type: 'NoResult', details: ''};
}

/** Makes a try for a scenario that has none in the record. */
export function missingTry(
	scenario: Pick<Try, 'file'>,
	repetition: number,
	startedAt: string,
	outcome: Pick<Try, 'verdict' | 'reason'>,
): Try {
	return {...outcome, file: scenario.file, repetition, startedAt, seconds: 0, metrics: {}, evidence: [], log: []};
}
