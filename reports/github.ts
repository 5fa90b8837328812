/** `--reporter github`: annotations at the lines of scenarios, and the step summary. The annotations are pure. */
import fs from 'node:fs';
import {variable} from '../harness/environment.ts';
import type {CaseSummary, RunSummary} from '../harness/record/summary/summary.ts';
import {verdictWords} from './words.ts';

/** GitHub shows so many of a step, and leaves the others out without a word. */
const most = 10;

/**
 * Returns a line for each claim that failed or is broken, however many cells it concerns: GitHub shows it at the line of the
 * scenario. Failures come first.
 */
export function annotations({cells, scenarios}: RunSummary): string[] {
	const lineOf = new Map(scenarios.map(({file, title, line}) => [`${file}\n${title}`, line]));
	const found = new Map<string, {its: CaseSummary; on: string[]}>();
	for (const {cell, cases} of cells) {
		for (const its of cases.filter(({verdict}) => verdict === 'failed' || verdict === 'broken')) {
			const key = `${its.verdict}\n${its.id}`;
			const known = found.get(key) ?? {its, on: []};
			known.on.push(cell.id);
			found.set(key, known);
		}
	}

	const sorted = [...found.values()].sort(
		(a, b) => Number(b.its.verdict === 'failed') - Number(a.its.verdict === 'failed'),
	);
	const shown = sorted.slice(0, sorted.length > most ? most - 1 : most).map(({its, on}) => {
		const line = its.line ?? lineOf.get(its.id);
		const place = its.file === '' ? {} : {file: its.file, ...(line !== undefined && {line: String(line)})};
		const {remedy, message = ''} = its.reason ?? {};
		return command({...place, title: `${verdictWords[its.verdict]}: ${its.title}`}, [
			message,
			...(remedy ? [`→ ${remedy}`] : []),
			`on ${on.join(', ')}`,
		]);
	});
	const left = sorted.length - shown.length;
	return [...shown, ...(left > 0 ? [command({title: 'swarmlab'}, [`${left} more: the page of the run has all`])] : [])];
}

/** A workflow command, as GitHub reads it: `%`, line ends and what separates properties are escaped. */
function command(properties: Record<string, string>, lines: readonly string[]): string {
	const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
	const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
	const words = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
	return `::error ${words.join(',')}::${data(lines.join('\n'))}`;
}

/** Adds the Markdown summary of a run to the step summary, where GitHub gives a file for it. Throws the error of the system. */
export function addStepSummary(summaryFile: string): void {
	const target = variable('GITHUB_STEP_SUMMARY');
	if (target !== undefined) {
		fs.appendFileSync(target, fs.readFileSync(summaryFile, 'utf8'));
	}
}
