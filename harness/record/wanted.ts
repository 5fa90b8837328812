/** Decides which claims of a file run. The scenario process and the harness both use it, so that they agree. Pure. */
import {type Assignment, type Claim, scenarioId} from '../model/index.ts';

/** Returns whether the assignment asks for this claim. */
export function isWanted(claim: Claim, {filter, only}: Pick<Assignment, 'filter' | 'only'>): boolean {
	const {file, title} = claim;
	const named = only?.some(each =>
		'but' in each ? each.file === file && !each.but.includes(title) : scenarioId(each) === scenarioId(claim),
	);
	return (
		(named ?? true) && (filter.length === 0 || filter.some(part => title.toLowerCase().includes(part.toLowerCase())))
	);
}
