/** Adds to the outcome of a case how it relates to what was expected. */
import {type Prediction, relate} from '../../expect/relation.ts';
import type {Reason, Verdict} from '../../model/index.ts';
import type {CaseSummary} from './summary.ts';

/** What is expected of a scenario on a cell. */
export interface ExpectedHere {
	prediction: Prediction;
	/** The day of the run (`2026-11-27`, UTC): by it, and not by today, a known failure is overdue. */
	day: string;
}

type Judged = Pick<CaseSummary, 'verdict' | 'reason' | 'expectation'>;

/** Returns the outcome with its relation. A known failure is no failure any more; a surprise is one, also if it passed. */
export function related<Outcome extends Judged>(outcome: Outcome, expected: ExpectedHere | undefined): Outcome {
	const relation = expected && relate(outcome.verdict as Verdict, expected.prediction, expected.day);
	if (!relation) {
		return outcome;
	}

	const {issue, because, until} = expected.prediction;
	const expectation = {relation, issue, ...(because !== '' && {because}), ...(until && {until})};
	const prefixed = (prefix: string): Reason | undefined => outcome.reason && withPrefix(outcome.reason, prefix);
	const reason = {
		'as expected': () => outcome.reason,
		'known failure': () => prefixed(`known failure (${issue})`),
		overdue: () => prefixed(`known failure (${issue}) that is to be looked at again since ${until}`),
		surprise: () =>
			outcome.verdict === 'failed'
				? prefixed(`surprise, it should pass here (${issue})`)
				: surprisingPass(issue, because),
	}[relation]();
	const verdict = relation === 'known failure' ? 'known' : relation === 'surprise' ? 'failed' : outcome.verdict;
	return {...outcome, verdict, expectation, ...(reason && {reason})};
}

/** A kept reason reads most of its parts on demand, so that a copy by `...` would lack them. */
function withPrefix({message, type, details, remedy, diagnosis}: Reason, prefix: string): Reason {
	return {message: `${prefix}: ${message}`, type, details, ...(remedy && {remedy}), ...(diagnosis && {diagnosis})};
}

function surprisingPass(issue: string, because: string): Reason {
	const message = `surprise, it passed and should fail here (${issue})`;
	return {
		message,
		type: 'Surprise',
		details: `${message}: ${because}`,
		remedy: 'If it passes each time (--repeat 10), correct `expected` in the scenario: the machine is right.',
	};
}
