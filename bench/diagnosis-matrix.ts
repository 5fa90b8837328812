/** One table of all cells of the diagnosis bench: what is put in, what is named of it, and how often that was right. Pure. */
import type {InjectedCause} from './diagnosis-cause.ts';
import {expectedOn} from './diagnosis-links.ts';
import {type CauseRun, markdown, nameOf, texts} from './diagnosis-table.ts';

/**
 * Returns a row for each cause, and a column for each cell with `right of all`. What was named besides or instead follows there. A
 * cause that was not put in has an empty place.
 */
export function causeMatrix(causes: readonly InjectedCause[], runs: readonly CauseRun[]): string {
	const judged = runs.filter(({outcome}) => outcome);
	const columns = [...Map.groupBy(judged, ({asked, cell}) => `${asked.provider}, ${cell}`)];
	const rows = causes.flatMap(cause => {
		const those = judged.filter(run => run.cause === cause.id);
		return those.length === 0
			? []
			: [
					[
						cause.what,
						namesOf(cause, those),
						...columns.map(([, all]) => countOf(all.filter(run => those.includes(run)))),
					],
				];
	});
	const sums = columns.map(([, all]) => countOf(all, false));
	return markdown(
		['put in', 'named where it was right', ...columns.map(([name]) => name)],
		[...rows, ['all', '', ...sums]],
	);
}

/** What was named in those runs that were right; what must be named if none was. */
function namesOf(cause: InjectedCause, runs: readonly CauseRun[]): string {
	const right = runs.filter(({outcome}) => outcome === 'right');
	const named = right.map(({named: all}) => all.map(nameOf).join(', ') || 'nothing');
	const wanted = runs.map(({asked}) =>
		expectedOn(asked.provider, cause)
			.names.map(ids => ids.map(id => `\`${id}\``).join(' or '))
			.join(', '),
	);
	return [...new Set(right.length > 0 ? named : wanted.map(each => `(${each || 'nothing'})`))].join('; ');
}

function countOf(runs: readonly CauseRun[], withNames = true): string {
	const right = runs.filter(({outcome}) => outcome === 'right').length;
	const others = runs
		.filter(({outcome}) => outcome !== 'right')
		.map(({outcome, named}) => `${texts[outcome!]}${named.length > 0 ? `: ${named.map(nameOf).join(', ')}` : ''}`);
	return runs.length === 0 ? '' : [`${right} of ${runs.length}`, ...(withNames ? new Set(others) : [])].join('; ');
}
