/** Public reports × engines, from the records of runs: a table for the documentation, exactly as measured. Pure. */
import {linkOf} from '../harness/expect/issue.ts';
import {type Outcome, rateOf} from '../harness/expect/rate.ts';
import {uniform} from '../harness/model/index.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';
import {code, table, words} from './gfm.ts';
import {engineLabel} from './labels.ts';
import {foundOf, reproductionsIn} from './reproduction.ts';
import {duration} from './words.ts';

/** The claim fails where the report is reproduced. */
const outcomeSigns: Record<Outcome, string> = {
	reproduced: '✗',
	flaky: '≈',
	'not reproduced': '✓',
	'could not tell': '?',
};

interface Row {
	issue: string;
	title: string;
	file: string;
	/** Kernel and provider. */
	where: string;
	/** By engine. */
	cells: Map<string, string>;
	/** Why it could not be told, by engine. */
	reasons: Map<string, string>;
	/** Of the slowest engine. */
	seconds: number;
}

/**
 * Returns the table: a row for each claim, kernel and provider, sorted by report, a column for each engine. Of several runs of
 * one cell the last one counts. Under it is why a cell could not be told. Ends in a line end.
 */
export function issuesTable(runs: readonly RunSummary[]): string {
	const rows = new Map<string, Row>();
	const engines = new Set<string>();
	for (const run of runs) {
		for (const scenario of reproductionsIn(run)) {
			for (const {cell, case: its} of foundOf(run, scenario)) {
				const engine = engineLabel(cell.cell);
				const where = `${uniform(cell.cell, ({kernel}) => kernel.label)}, ${cell.cell.provider}`;
				const key = JSON.stringify([its.id, where]);
				const {title, file, reproduction} = scenario;
				const row = rows.get(key) ?? {
					...{issue: reproduction.issue, title, file, where, seconds: 0},
					...{cells: new Map(), reasons: new Map()},
				};
				const rate = rateOf(its.repetitions);
				const surprise = its.expectation?.relation === 'surprise' ? ' **!**' : '';
				const share = rate.decided > 0 ? ` ${rate.failed}/${rate.decided}` : '';
				row.cells.set(engine, `${outcomeSigns[rate.outcome]}${share}${surprise}`);
				row.reasons.delete(engine);
				if (rate.outcome === 'could not tell') {
					row.reasons.set(engine, its.reason?.message.split('\n')[0] ?? 'no reason is known');
				}

				row.seconds = Math.max(row.seconds, its.seconds);
				rows.set(key, row);
				engines.add(engine);
			}
		}
	}

	const order = (a: string, b: string) => a.localeCompare(b, 'en', {numeric: true});
	const columns = [...engines].sort(order);
	const sorted = [...rows.values()].sort((a, b) => order(a.issue, b.issue) || order(a.where, b.where));
	const lines = sorted.map(({issue, title, file, where, cells, seconds}) => [
		`${linkOf(issue) ? `[${words(issue)}](${linkOf(issue)})` : words(issue)}: [${words(title)}](../${file})`,
		words(where),
		...columns.map(engine => cells.get(engine) ?? ''),
		duration(seconds),
	]);
	return `${[
		table([['report: what should hold', 'kernel, provider', ...columns.map(words), 'time'], ...lines]),
		`✗ reproduced: the claim fails, ✓ not reproduced: it holds, ≈ flaky: it fails in some tries, ? could not tell. A share such as 3/3 counts the tries that failed. **!** marks a surprise: another result than expected. The time is that of the slowest cell.`,
		...undecidedLines(sorted),
		`Runs: ${runs.map(({run}) => code(run)).join(', ')}.`,
	].join('\n\n')}\n`;
}

/** Returns a list of the cells that could not be told, with the reason; nothing if there are none. */
function undecidedLines(rows: readonly Row[]): string[] {
	const lines = rows.flatMap(({issue, where, reasons}) =>
		[...Map.groupBy(reasons, ([, reason]) => reason)].map(
			([reason, cells]) => `- ${words(`${issue}, ${where}, ${cells.map(([engine]) => engine).join(', ')}: ${reason}`)}`,
		),
	);
	return lines.length > 0 ? [`What could not be decided, and why:\n\n${lines.join('\n')}`] : [];
}
