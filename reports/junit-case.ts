/** One claim as a `testcase`. */
import type {Reason} from '../harness/model.ts';
import type {CaseSummary} from '../harness/record/summary.ts';
import {area, oneLine} from './names.ts';
import {type Element, element, legible} from './xml.ts';

export interface JunitOptions {
	/** Prefix of evidence paths, so that they are relative to the workspace of the CI: `reports/runs/<id>`. Empty: as recorded. */
	base?: string;
}

/** Makes the element; `name` makes names unique in the suite. */
export function testcase(
	each: CaseSummary,
	suiteName: string,
	names: (name: string) => string,
	log: string[],
	options: JunitOptions,
): Element {
	const facts = {...each.metrics, ...(each.origin && {'started from': each.origin})};
	const output = [
		...(log.length > 0 ? [logged(log)] : []),
		...each.evidence.map(path => attachment(path, options)),
	].join('\n');
	return element(
		'testcase',
		{
			name: names(oneLine(each.title) || 'untitled'),
			classname: `${area(each.file)}.${suiteName}`,
			time: time(each.seconds),
			file: each.file === '' ? undefined : each.file,
			line: each.line !== undefined && each.line > 0 ? Math.trunc(each.line) : undefined,
		},
		[
			...(Object.keys(facts).length > 0 ? [properties(facts)] : []),
			...verdict(each),
			...(legible(output).trim() === '' ? [] : [element('system-out', {}, `${output}\n`)]),
		],
	);
}

const elementOf = {failed: 'failure', broken: 'error'} as const;
const rerunOf = {failed: 'rerunFailure', broken: 'rerunError'} as const;

function verdict({verdict, reason, otherTries}: CaseSummary): Element[] {
	const shown = reason ?? {message: '', type: '', details: ''};
	switch (verdict) {
		case 'passed':
			// Only the lab's own trouble can lie under a passed verdict: see record/case.ts.
			return otherTries.map(each => rerun('flakyError', each.reason));
		case 'skipped':
			return [element('skipped', {message: message(shown)}, told(shown))];
		default: {
			const red = [...otherTries].sort((a, b) => b.verdict.localeCompare(a.verdict));
			return [
				element(elementOf[verdict], {message: message(shown), type: type(shown)}, told(shown)),
				...red.map(each => rerun(rerunOf[each.verdict], each.reason)),
			];
		}
	}
}

function rerun(name: string, reason: Reason): Element {
	return element(name, {message: message(reason), type: type(reason)}, [element('stackTrace', {}, told(reason))]);
}

/** The message stands first, as some readers show the text only, and the remedy last. */
function told(reason: Reason): string {
	const first = message(reason);
	const [head = '', ...tail] = legible(reason.details).split('\n');
	const details = head === first || head === `${reason.type}: ${first}` ? tail : [head, ...tail];
	return [
		first,
		...(first === reason.message || reason.message === '' ? [] : [reason.message]),
		...details,
		...(reason.remedy ? [`→ ${reason.remedy}`] : []),
	]
		.join('\n')
		.trimEnd();
}

function message(reason: Reason): string {
	return oneLine(reason.message) || 'no reason was told';
}

function type(reason: Reason): string {
	return oneLine(reason.type) || 'Error';
}

/** Jenkins keeps 50,000 characters of each end of a failing case's output; what a log says must not pass for an attachment. */
function logged(log: string[]): string {
	const text = log.join('\n').replaceAll('[[ATTACHMENT|', '[ATTACHMENT: ');
	const cut = text.length - 2 * keptOfLog;
	return cut > 0
		? `${text.slice(0, keptOfLog)}\n[${cut} characters are left out here; the record has them]\n${text.slice(-keptOfLog)}`
		: text;
}

const keptOfLog = 30_000;

/** Jenkins and GitLab take a path without brackets and bars, alone on its line; any other is told in words. */
function attachment(path: string, {base}: JunitOptions): string {
	const full = base ? `${base.replace(/\/$/, '')}/${path}` : path;
	return /^[^[\]|\n\r]+$/.test(legible(full)) && legible(full) === full
		? `[[ATTACHMENT|${full}]]`
		: `evidence: ${oneLine(full)}`;
}

/** Properties of a suite or of a case. */
export function properties(values: Record<string, string | number | undefined>): Element {
	return element(
		'properties',
		{},
		Object.entries(values).map(([name, value = '']) => element('property', {name: oneLine(name) || 'unnamed', value})),
	);
}

/** Seconds with three digits and a dot: Jenkins would take a comma for a separator of thousands. */
export function time(seconds: number): string {
	return (Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), 99_999_999) : 0).toFixed(3);
}
