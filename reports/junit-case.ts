/** Writes one claim as a `testcase`. */
import type {Reason} from '../harness/model/index.ts';
import {counted} from '../harness/record/counted.ts';
import type {CaseSummary} from '../harness/record/summary/summary.ts';
import {diagnosisLines} from './diagnosis.ts';
import {faultLine} from './faults.ts';
import {area, lineOfXml} from './names.ts';
import {errorType} from './types.ts';
import {type Element, element, legible, type Output, unmarked} from './xml.ts';

export interface JunitOptions {
	/**
	 * Prefix of evidence paths: `reports/runs/<id>` makes them relative to the workspace of the CI. Empty: paths as recorded.
	 */
	base?: string;
}

/** What a case gets from its suite. */
export interface CaseOfSuite {
	suiteName: string;
	/** Makes names unique in the suite. */
	names: (name: string) => string;
	log: string[];
	/** What changed since the baseline: `new: …`. */
	changes: readonly string[];
}

/** Makes the element. */
export function testcase(
	each: CaseSummary,
	{suiteName, names, log, changes}: CaseOfSuite,
	options: JunitOptions,
): Element {
	const faults = (each.faults ?? []).map((fault, index) => [`fault ${index + 1}`, faultLine(fault)]);
	const disagreements = (each.disagreements ?? []).map(({says}, index) => [`disagreement ${index + 1}`, says]);
	const facts = {
		...(changes.length > 0 && {verdict: changes.join('; ')}),
		...each.metrics,
		...expectedOf(each),
		...(each.origin && {'started from': each.origin}),
		...(Object.fromEntries([...faults, ...disagreements]) as Record<string, string>),
	};
	const output = outputOf([...changes, ...log], each.evidence, options);
	return element(
		'testcase',
		{
			name: names(lineOfXml(each.title) || 'untitled'),
			classname: `${area(each.file)}.${suiteName}`,
			time: time(each.seconds),
			file: each.file === '' ? undefined : each.file,
			line: lineNumber(each.line),
		},
		[
			...(Object.keys(facts).length > 0 ? [properties(facts)] : []),
			...verdict(each),
			...(output.text === '' && output.attachments.length === 0 ? [] : [element('system-out', {}, output)]),
		],
	);
}

/**
 * Returns the relation to what was expected. A known failure is a skipped case: readers show it, apart from the red ones, with
 * its report and its reason.
 */
function expectedOf({expectation}: CaseSummary): Record<string, string> {
	return expectation
		? {
				expectation: expectation.relation,
				issue: expectation.issue,
				...(expectation.until && {until: expectation.until}),
			}
		: {};
}

const elementOf = {failed: 'failure', broken: 'error'} as const;
const rerunOf = {failed: 'rerunFailure', broken: 'rerunError'} as const;

function verdict({verdict, reason, otherTries}: CaseSummary): Element[] {
	const shown = reason ?? {message: '', type: '', details: ''};
	switch (verdict) {
		case 'passed':
			// Below a passed verdict there can only be trouble of the lab: see record/summary/case.ts.
			return otherTries.map(each => rerun('flakyError', each.reason));
		case 'known':
		case 'skipped':
			return [element('skipped', {message: message(shown)}, limitedText(shown))];
		default: {
			const red = [...otherTries].sort((a, b) => b.verdict.localeCompare(a.verdict));
			return [
				element(elementOf[verdict], {message: message(shown), type: errorType(shown.type)}, limitedText(shown)),
				...red.map(each => rerun(rerunOf[each.verdict], each.reason)),
			];
		}
	}
}

function rerun(name: string, reason: Reason): Element {
	return element(name, {message: message(reason), type: errorType(reason.type)}, [
		element('stackTrace', {}, limitedText(reason)),
	]);
}

/** Returns the message first, because some readers show only the text, and the remedy last. */
function limitedText(reason: Reason): string {
	const first = message(reason);
	const [head = '', ...tail] = shortened(legible(reason.details), keptOfDetails).split('\n');
	const details = head === first || head === `${reason.type}: ${first}` ? tail : [head, ...tail];
	const diagnosis = reason.diagnosis ? diagnosisLines(reason.diagnosis).map(legible) : [];
	return [
		first,
		...diagnosis,
		...(first === reason.message || reason.message === '' ? [] : [shortened(reason.message, keptOfDetails)]),
		...details,
		...(reason.remedy ? [`→ ${reason.remedy}`] : []),
	]
		.join('\n')
		.trimEnd();
}

function message(reason: Reason): string {
	return lineOfXml(shortened(reason.message, keptOfDetails)) || 'no reason was recorded';
}

/** Returns as much of the log as readers keep, and every evidence file. Paths that readers cannot link to become text. */
function outputOf(log: string[], evidence: string[], options: JunitOptions): Output {
	const paths = evidence.map(each => attachable(each, options));
	const lines = [
		...(log.length > 0 ? [shortened(unmarked(legible(log.join('\n'))), keptOfLog)] : []),
		...paths.flatMap(({path, leads}) => (leads ? [] : [`evidence: ${lineOfXml(path)}`])),
	].join('\n');
	return {
		text: lines.trim() === '' ? '' : lines,
		attachments: paths.flatMap(({path, leads}) => (leads ? [path] : [])),
	};
}

/** Jenkins keeps 50,000 characters of each end of a failing case's output. */
const keptOfLog = 30_000;
/** Parsers refuse a text of 10,000,000 characters. GitLab refuses a file of 30 MB. */
const keptOfDetails = 500_000;

function shortened(text: string, kept: number): string {
	const cut = text.length - 2 * kept;
	return cut > 0
		? `${text.slice(0, kept)}\n[${counted(cut, 'character is', 'characters are')} left out here; the record has them]\n${text.slice(-kept)}`
		: text;
}

/**
 * Jenkins and GitLab accept a path without brackets and bars, alone on its line. A path out of the run folder is not our
 * evidence, even if the record names it: a reader would publish the file.
 */
function attachable(path: string, {base}: JunitOptions): {path: string; leads: boolean} {
	const full = base ? `${base.replace(/\/$/, '')}/${path}` : path;
	const inside = path !== '' && !path.startsWith('/') && !path.split('/').includes('..');
	return {path: full, leads: inside && /^[^[\]|\n\r]+$/.test(full) && legible(full) === full && full.trim() === full};
}

function lineNumber(line: number | undefined): number | undefined {
	return Number.isSafeInteger(line) && Number(line) > 0 ? line : undefined;
}

/** Properties of a suite or of a case. */
export function properties(values: Record<string, string | number | undefined>): Element {
	return element(
		'properties',
		{},
		Object.entries(values).map(([name, value = '']) =>
			element('property', {name: lineOfXml(name) || 'unnamed', value}),
		),
	);
}

/** Returns seconds with three digits and a dot: Jenkins reads a comma as a separator of thousands. */
export function time(seconds: number): string {
	return (Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), 99_999_999) : 0).toFixed(3);
}
