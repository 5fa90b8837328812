/** Which kernels work with which engines: a table for the documentation, exactly as measured. */
import {type Cell, stackOf, uniform} from '../harness/model/index.ts';
import {provisionId} from '../harness/record/summary/provision.ts';
import type {CellSummary, RunSummary} from '../harness/record/summary/summary.ts';
import {findings, wholeText} from './findings.ts';
import {block, code, table, words} from './gfm.ts';
import {engineLabel} from './labels.ts';
import {variantText} from './under-test.ts';
import {legend, signs} from './words.ts';

/**
 * Returns a table of kernels × engines with counts, then every claim that does not hold, each with the whole error text. Ends
 * in a line end.
 */
export function compatibilityTable(run: RunSummary): string {
	const summary = {...run, cells: run.cells.filter(({cell}) => !stackOf(cell))};
	const kernels = [...new Set(summary.cells.map(({cell}) => kernelOf(cell)))];
	const engines = [...new Set(summary.cells.map(({cell}) => engineOf(cell)))];
	const rows = kernels.map(kernel => [
		code(kernel),
		...engines.map(engine =>
			summary.cells
				.filter(({cell}) => kernelOf(cell) === kernel && engineOf(cell) === engine)
				.map(verdictOfCell)
				.join('<br>'),
		),
	]);
	const red = findings(summary).filter(each => each.verdict !== 'skipped' || each.id === provisionId);
	return `${[
		table([['kernel \\ Docker', ...engines.map(words)], ...rows], [':--', ...engines.map(() => ':--')]),
		`${legend}. Run ${code(summary.run)}${summary.host ? ` with ${words(summary.host.accelerator)}` : ''}${summary.state === 'finished' ? '' : `, **${summary.state}**`}.`,
		...red.flatMap(({title, verdict, cells, reason}) => [
			`### ${signs[verdict]} ${words(title)}`,
			`On ${cells.map(cell => `${code(kernelOf(cell))} with Docker ${words(engineOf(cell))}`).join(', ')}:`,
			block(wholeText(reason)),
			...(reason.remedy ? [`→ ${words(reason.remedy)}`] : []),
		]),
	].join('\n\n')}\n`;
}

function kernelOf(cell: Cell): string {
	return uniform(cell, ({kernel}) => kernel.release);
}

function engineOf(cell: Cell): string {
	return `${engineLabel(cell)}${variantText(cell)}`;
}

function verdictOfCell({state, stages, counts, cases}: CellSummary): string {
	const [provision, ...claims] = cases;
	if (state === 'skipped') {
		return `${signs.skipped} cannot be tested`;
	}

	if (state === 'unfinished' && stages.length === 0) {
		return `${signs.skipped} not begun`;
	}

	if (provision?.verdict === 'broken') {
		return `${signs.broken} did not come up`;
	}

	const proven = claims.filter(each => each.verdict === 'passed').length;
	const lookedAt = claims.length - counts.skipped;
	const sign =
		signs[
			(['failed', 'broken', 'known'] as const).find(each => counts[each] > 0) ?? (proven > 0 ? 'passed' : 'skipped')
		];
	const parts = [
		`${sign} ${proven} of ${lookedAt}`,
		...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
		...(counts.known > 0 ? [`${counts.known} known`] : []),
		...(counts.broken > 0 ? [`${counts.broken} broken`] : []),
		...(counts.skipped > 0 ? [`${counts.skipped} skipped`] : []),
	];
	return parts.join(', ');
}
