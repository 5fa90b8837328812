/** A search as Markdown to paste into a report: the neighbours, how often each failed, and what changed between them. Pure. */
import path from 'node:path';
import type {Measurement} from '../harness/bisect/journal.ts';
import type {Version} from '../harness/bisect/points.ts';
import type {Bisection} from '../harness/bisect/result.ts';
import {intervalText, wilson} from '../harness/expect/interval.ts';
import {linkOf} from '../harness/expect/issue.ts';
import {counted} from '../harness/record/counted.ts';
import {block, code, table, words} from './gfm.ts';

/** Lines of changelogs that are shown. */
const mostLines = 60;

/** 0: found. 1: refused, as an end is not what it was called. 2: it could not be decided. 130: interrupted. */
export function exitCodeOf({end, why}: Pick<Bisection, 'end' | 'why'>): number {
	return end === 'found' ? 0 : end === 'interrupted' ? 130 : why?.includes('not known') ? 2 : 1;
}

/** Returns the block. It ends in a line end. */
export function bisectionBlock(bisection: Bisection): string {
	const {scenario, measurements, versions, same, command, cell, axis, rates} = bisection;
	const issue = scenario.reproduction?.issue;
	const link = issue && linkOf(issue);
	const rows = versions.flatMap(version => {
		const its = measurements.find(({point}) => point === version.id);
		return its ? [rowOf(version, its)] : [];
	});
	const parts = [
		`### ${issue ? `${link ? `[${words(issue)}](${link})` : words(issue)}: ` : ''}${words(scenario.title)}`,
		sentenceOf(bisection),
		...(rows.length > 0 ? [table([[axis, 'version', 'answer', 'failed', '95 % interval', ''], ...rows])] : []),
		`${counted(measurements.length, 'version')} of ${versions.length} ${measurements.length === 1 ? 'was' : 'were'} measured, each until the tries separate a rate of at most ${percent(rates.good)} from one of at least ${percent(rates.bad)}, each try on fresh machines. ${others()}`,
		// Of a search over 25 kernels, 11 such packages lay beside versions that nobody measured.
		...same
			.filter(each => measurements.some(({point}) => point === each.as))
			.map(each => `${code(each.id)} is built of the same source as ${code(each.as)} and was not run.`),
		...changesOf(bisection),
		...comparedBy(bisection),
		'Again:',
		block(command.map(quoted).join(' ')),
	];
	return `${parts.join('\n\n')}\n`;

	function others(): string {
		const constant = [
			axis === 'kernel' ? '' : `kernel ${cell.nodes[0]!.kernel.label}`,
			axis === 'docker' ? '' : `Docker ${cell.nodes[0]!.engine.label}`,
			`provider ${cell.provider}`,
			counted(cell.nodes.length, 'node'),
		].filter(Boolean);
		return `The rest was the same: ${words(constant.join(', '))}.`;
	}
}

function sentenceOf({end, found, why, versions, measurements, axis}: Bisection): string {
	const name = (id: string) => `**${words(versions.find(each => each.id === id)!.label)}** (${code(id)})`;
	const what = axis === 'docker' ? 'Docker' : axis;
	if (end === 'found' && found) {
		const {good, bad, unknown} = found;
		const hidden = unknown.length > 0 ? ` Between them could not be decided: ${unknown.map(name).join(', ')}.` : '';
		return `It holds with ${what} ${name(good)} and fails with ${what} ${name(bad)}: neighbours among what can be had here.${hidden}`;
	}

	if (end === 'interrupted') {
		return `The search was interrupted. The same command continues it.`;
	}

	const [first, last] = [versions[0]!, versions.at(-1)!];
	const of = (id: string) => rateText(measurements.find(({point}) => point === id));
	const known: Record<string, string> = {
		'good is not good': `Nothing was searched: ${name(first.id)} was called good, and the claim fails there, ${of(first.id)}.`,
		'bad is not bad': `Nothing was searched: ${name(last.id)} was called bad, and the claim holds there, ${of(last.id)}.`,
		'good and bad are exchanged': `Nothing was searched: the claim fails with ${name(first.id)}, ${of(first.id)}, and holds with ${name(last.id)}, ${of(last.id)}. Exchange ${code('--good')} and ${code('--bad')}.`,
		'good is not known': `Nothing was searched: whether the claim holds with ${name(first.id)} could not be decided, ${of(first.id)}.`,
		'bad is not known': `Nothing was searched: whether the claim fails with ${name(last.id)} could not be decided, ${of(last.id)}.`,
	};
	return known[why ?? ''] ?? '';
}

function rateText(its: Measurement | undefined): string {
	if (!its) {
		return 'not measured';
	}

	const {failed, passed, undecided} = its.tally;
	return `${failed} of ${counted(failed + passed, 'try', 'tries')} failed${undecided > 0 ? `, ${undecided} decided nothing` : ''}${its.answer !== 'good' && its.message ? ` (${words(its.message)})` : ''}`;
}

function rowOf({label, id}: Version, {answer, tally, message}: Measurement): string[] {
	const decided = tally.failed + tally.passed;
	return [
		words(label),
		code(id),
		answer === 'unknown' ? 'could not be decided' : `**${answer}**`,
		`${tally.failed} of ${decided}${tally.undecided > 0 ? ` (${tally.undecided} undecided)` : ''}`,
		decided > 0 ? intervalText(wilson(tally.failed, decided)) : '',
		answer !== 'good' && message ? words(message) : '',
	];
}

function changesOf({end, changes, axis, found}: Bisection): string[] {
	if (end !== 'found' || axis === 'variant') {
		return [];
	}

	if (!changes) {
		return [
			'What changed between them could not be read: the newer package has no changelog, or could not be fetched.',
		];
	}

	const lines = changes.flatMap(each => [each.version, ...each.changes]);
	const left = lines.length - mostLines;
	return [
		`The changelog of the newer one has ${counted(changes.length, 'entry', 'entries')} since the older one${found && changes.length === 0 ? ': it is built of another source' : ''}.`,
		...(lines.length > 0
			? [block([...lines.slice(0, mostLines), ...(left > 0 ? [`[${counted(left, 'line')} more]`] : [])].join('\n'))]
			: []),
	];
}

/** Returns the command that compares the state of the neighbours. */
function comparedBy({found, measurements}: Bisection): string[] {
	const runs = [found?.good, found?.bad].map(id => measurements.find(({point}) => point === id)?.runs.at(-1));
	return runs[0] && runs[1]
		? [
				'What differs in the state of their nodes:',
				block(['swarmlab', 'compare', ...runs.map(run => path.basename(run!))].join(' ')),
			]
		: [];
}

function percent(rate: number): string {
	return `${Number((rate * 100).toPrecision(3))} %`;
}

/** Returns a word as a shell takes it. */
function quoted(word: string): string {
	return /^[\w@%+=:,./#-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
