/** A reproduced report as a block to paste into it: what was found where, how, and how to find it again. Pure. */
import {intervalText} from '../harness/expect/interval.ts';
import {linkOf} from '../harness/expect/issue.ts';
import {rateOf, rateText} from '../harness/expect/rate.ts';
import {predict} from '../harness/expect/relation.ts';
import {
	type Cell,
	type Engine,
	type Kernel,
	type PlannedScenario,
	type Reproduction,
	scenarioId,
	uniform,
} from '../harness/model/index.ts';
import {counted} from '../harness/record/counted.ts';
import type {CaseSummary, CellSummary, RunSummary} from '../harness/record/summary/summary.ts';
import {diagnosisLines} from './diagnosis.ts';
import {block, code, table, words} from './gfm.ts';
import {engineLabel} from './labels.ts';
import {duration} from './words.ts';

/** A scenario that reproduces a report. */
type Reproducing = PlannedScenario & {reproduction: Reproduction};

/** Returns the scenarios of a run that reproduce reports. */
export function reproductionsIn({scenarios}: Pick<RunSummary, 'scenarios'>): Reproducing[] {
	return scenarios.filter((each): each is Reproducing => each.reproduction !== undefined);
}

/** Returns the block, one part for each report of the run. It ends in a line end. */
export function reproductionBlock(summary: RunSummary): string {
	return `${reproductionsIn(summary)
		.flatMap(scenario => partOf(summary, scenario))
		.join('\n\n')}\n`;
}

/** Returns whether a report could not be told on a cell. */
export function isUndecided(summary: RunSummary): boolean {
	return reproductionsIn(summary).some(scenario =>
		foundOf(summary, scenario).some(({case: its}) => rateOf(its.repetitions).outcome === 'could not tell'),
	);
}

/** A scenario on a cell. */
interface Found {
	cell: CellSummary;
	case: CaseSummary;
}

/** Returns where a scenario was proven, in the order of the cells. */
export function foundOf({cells}: RunSummary, scenario: PlannedScenario): Found[] {
	return cells.flatMap(cell => {
		const its = cell.cases.find(({id}) => id === scenarioId(scenario));
		return its ? [{cell, case: its}] : [];
	});
}

function partOf(summary: RunSummary, scenario: Reproducing): string[] {
	const {issue, managers, workers, outsiders = 0, variant, steps} = scenario.reproduction;
	const found = foundOf(summary, scenario);
	const link = linkOf(issue);
	return [
		`### ${link ? `[${words(issue)}](${link})` : words(issue)}: ${words(scenario.title)}`,
		`The claim was proven on fresh machines, ${counted(managers, 'manager')} and ${counted(workers, 'worker')}${outsiders > 0 ? `, beside ${counted(outsiders, 'outsider')}` : ''}; where it failed, the report is reproduced.`,
		table([
			['kernel', 'Docker', 'nodes', 'result', '95 % interval', 'expected', 'seconds'],
			...found.map(each => rowOf(each, scenario)),
		]),
		...(variant ? ['Each node has this variant:', block(JSON.stringify(variant))] : []),
		...(steps ? ['Steps:', block(steps.join('\n'))] : []),
		...found.filter(showsMost).flatMap(linesOf),
		'Versions:',
		[...versionsOf(found.map(({cell}) => cell.cell)), ...hostLines(summary)].map(each => `- ${each}`).join('\n'),
		`Again, with ${code(scenario.file)}:`,
		block(summary.command.map(quoted).join(' ')),
	];
}

function rowOf({cell: {cell}, case: its}: Found, scenario: Reproducing): string[] {
	const rate = rateOf(its.repetitions);
	const prediction = predict(scenario, cell);
	const expected = prediction ? (prediction.fails ? (prediction.sometimes ? 'flaky' : 'fails') : 'passes') : 'unknown';
	const {relation} = its.expectation ?? {};
	return [
		words(uniform(cell, ({kernel}) => (kernel.source.type === 'host' ? `${kernel.release} (host)` : kernel.label))),
		words(engineLabel(cell)),
		words(cell.provider),
		`**${words(rateText(rate))}**`,
		rate.decided > 0 ? intervalText(rate.interval) : '',
		`${expected}${relation === 'surprise' ? ': **surprise**' : ''}`,
		rate.decided > 0 ? duration(its.seconds) : '',
	];
}

/** The first cell of each outcome: one that fails, and one that does not, are what a reader compares. */
function showsMost(found: Found, index: number, all: Found[]): boolean {
	const outcome = ({case: {repetitions}}: Found) => rateOf(repetitions).outcome;
	return all.findIndex(each => outcome(each) === outcome(found)) === index;
}

const mostLines = 40;

function linesOf({cell, case: its}: Found): string[] {
	const {reason, log} = its;
	const lines = log.flatMap(each => each.split('\n')).filter(each => each.trim() !== '');
	const left = lines.length - mostLines;
	const shown = [
		...(left > 0 ? [`[${counted(left, 'line')} before]`] : []),
		...lines.slice(-mostLines),
		...(reason ? [`=> ${reason.message}`] : []),
	];
	return [
		`Docker ${words(engineLabel(cell.cell))}, ${words(rateText(rateOf(its.repetitions)))}${shown.length > 0 ? ':' : ', without a line.'}`,
		...(shown.length > 0 ? [block(shown.join('\n'))] : []),
		...(reason?.diagnosis ? [block(diagnosisLines(reason.diagnosis).join('\n'))] : []),
	];
}

/** One line for each different package. */
function versionsOf(cells: readonly Cell[]): string[] {
	const nodes = cells.flatMap(cell => cell.nodes);
	return [...new Set([...nodes.map(({engine}) => engineLine(engine)), ...nodes.map(({kernel}) => kernelLine(kernel))])];
}

function engineLine({version, source}: Engine): string {
	return source.type === 'package'
		? `Docker ${words(version)}: ${code(`${source.package.name} ${source.package.version}`)} of ${words(source.package.suite)}`
		: `Docker ${words(version)}: ${code(source.location)}, sha256 ${code(source.sha256)}`;
}

function kernelLine({label, release, source}: Kernel): string {
	switch (source.type) {
		case 'package':
			return `kernel ${words(release)}: ${code(`${source.package.name} ${source.package.version}`)} of ${words(source.package.suite)}`;
		case 'deb':
			return `kernel ${words(release)}: ${code(source.location)}, sha256 ${code(source.sha256)}`;
		case 'directory':
			return `kernel ${words(release)}: ${code(source.path)}`;
		default:
			return `kernel ${words(release)}, the Docker host's own (${words(label)})`;
	}
}

function hostLines({host, run, startedAt}: RunSummary): string[] {
	if (!host) {
		return [];
	}

	const facts = Object.entries(host.facts).map(([name, value]) => `${name} ${value}`);
	return [
		words(
			`host: ${[host.os, `kernel ${host.kernel}`, counted(host.cpus, 'CPU'), `accelerator ${host.accelerator}`, ...facts].join(', ')}`,
		),
		`swarmlab ${words(host.swarmlab)}, run ${code(run)}, ${words(startedAt.slice(0, 10))}`,
	];
}

/** Returns a word as a shell takes it. */
function quoted(word: string): string {
	return /^[\w@%+=:,./#-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
