/** How a verdict relates to what was expected: as expected, a known failure, or a surprise. Pure. */
import path from 'node:path';
import {matches} from '../match.ts';
import type {Cell, Kernel, KnownFailure, PlannedScenario, Verdict} from '../model/index.ts';
import {isInText} from './range.ts';

/** What is expected of a scenario on a cell. */
export interface Prediction {
	fails: boolean;
	/** It fails by chance, so both verdicts are expected. */
	sometimes: boolean;
	/** Where that is reported. */
	issue: string;
	/** Why it is expected; empty for a known failure of the config. */
	because: string;
	/** From this day on a known failure is red. */
	until?: string;
}

/** `known failure` is not red. `surprise` and `overdue` (a known failure whose day has come) are. */
export type Relation = 'as expected' | 'known failure' | 'overdue' | 'surprise';

/** Returns what is expected; undefined if nobody knows. The first known failure that fits counts, before the scenario's own. */
export function predict(
	scenario: Pick<PlannedScenario, 'file' | 'title' | 'reproduction'>,
	cell: Pick<Cell, 'id' | 'nodes'>,
	known: readonly KnownFailure[] = [],
): Prediction | undefined {
	const found = known.find(each => fits(each, scenario, cell));
	if (found) {
		return {fails: true, sometimes: true, issue: found.issue, because: '', until: found.until};
	}

	const {reproduction} = scenario;
	if (!reproduction || reproduction.expected === 'unknown') {
		return undefined;
	}

	const {issue, expected, until} = reproduction;
	const failing = expected.map(each =>
		share(cell, ({engine, kernel}) => inBoth(engine.version, versionOf(kernel), each)),
	);
	const whole = expected.find((_, index) => failing[index] === 'all');
	if (whole) {
		return {fails: true, sometimes: whole.sometimes ?? false, issue, because: whole.because, ...(until && {until})};
	}

	// Of nodes that differ, nobody has said what they do together.
	return failing.includes('some') ? undefined : {fails: false, sometimes: false, issue, because: ''};
}

function inBoth(engine: string, kernel: string, range: {fails: string; kernel?: string}): boolean {
	return isInText(engine, range.fails) && (range.kernel === undefined || isInText(kernel, range.kernel));
}

/** Returns the version of a kernel. Its label is that, but for the kernel of a Docker host. */
export function versionOf({label, release}: Pick<Kernel, 'label' | 'release'>): string {
	return /^\d/.test(label) ? label : release;
}

function share({nodes}: Pick<Cell, 'nodes'>, is: (node: Cell['nodes'][number]) => boolean): 'all' | 'some' | 'none' {
	const count = nodes.filter(is).length;
	return count === 0 ? 'none' : count === nodes.length ? 'all' : 'some';
}

function fits(
	{scenario, cell: chosen, engine = '*', kernel = '*'}: KnownFailure,
	{file, title}: Pick<PlannedScenario, 'file' | 'title'>,
	cell: Pick<Cell, 'id' | 'nodes'>,
): boolean {
	const named = file !== '' && (file === scenario || path.matchesGlob(file, scenario));
	return (
		(named || title.toLowerCase().includes(scenario.toLowerCase())) &&
		(chosen === undefined || matches(cell.id, chosen)) &&
		cell.nodes.some(node => inBoth(node.engine.version, versionOf(node.kernel), {fails: engine, kernel}))
	);
}

/** Returns the relation of a verdict to the prediction; undefined for a verdict that decides nothing. `day` is that of the run. */
export function relate(verdict: Verdict, {fails, sometimes, until}: Prediction, day: string): Relation | undefined {
	if (verdict === 'passed') {
		return fails && !sometimes ? 'surprise' : 'as expected';
	}

	if (verdict !== 'failed') {
		return undefined;
	}

	return fails ? (until !== undefined && day >= until ? 'overdue' : 'known failure') : 'surprise';
}
