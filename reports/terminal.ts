/** What a terminal shows during a run: lines that are redrawn again and again. Pure. */
import {counted} from '../harness/record/counted.ts';
import type {Counts} from '../harness/record/summary/summary.ts';
import type {CellProgress, Progress} from './progress.ts';
import {type Colours, colourOf, shorten, spread} from './screen.ts';
import {clock, presentIn, signs, verdictWords} from './words.ts';

export interface Screen {
	columns: number;
	/** Milliseconds since 1970. */
	now: number;
	colours: Colours;
}

/** Returns the lines, none wider than the screen. */
export function terminalLines(progress: Progress, screen: Screen): string[] {
	const {colours} = screen;
	const running = progress.cells.filter(each => each.stage !== 'waiting' && each.stage !== 'done');
	const waiting = progress.cells.filter(each => each.stage === 'waiting').length;
	const done = progress.cells.filter(each => each.stage === 'done').length;
	const size = `${counted(progress.cells.length, 'cell')} × ${counted(progress.scenarios, 'scenario')}`;
	return [
		'',
		row(
			['swarmlab', progress.run, progress.accelerator, size].filter(Boolean).join(' · '),
			progress.startedAt,
			screen,
			colours.bold,
		),
		...progress.building.map(each => row(`  building ${each.kind} ${each.label}`, each.since, screen, colours.cyan)),
		...running.flatMap(each => cellLines(each, progress, screen)),
		...(waiting > 0 || done > 0
			? [
					colours.dim(
						indented(`${done} of ${counted(progress.cells.length, 'cell')} done, ${waiting} waiting`, screen.columns),
					),
				]
			: []),
		tally(progress.counts, screen),
		...(progress.signal
			? [
					colours.yellow(
						indented(`${progress.signal}: taking the machines down and writing the reports`, screen.columns),
					),
				]
			: []),
	];
}

function cellLines(cell: CellProgress, {scenarios}: Progress, screen: Screen): string[] {
	const {colours} = screen;
	const {scenario, stage, proven, repetition, retries} = cell;
	const all = Math.max(scenarios, proven);
	const which = scenario
		? `scenario ${proven + 1} of ${Math.max(all, proven + 1)}`
		: `${proven} of ${counted(all, 'scenario')} proven`;
	const where = stage === 'scenarios' ? `${which}${repetition > 1 ? `, repetition ${repetition}` : ''}` : stage;
	const retried = retries > 0 ? ` · tried again ${retries}×` : '';
	return [
		row(`  ${cell.id} · ${where}${retried}`, cell.startedAt ?? cell.stageSince, screen, colours.cyan),
		...(scenario ? [row(`    ${scenario.title}`, scenario.since, screen)] : []),
		...cell.machines.map(each => row(`    ${each.name}: ${each.doing}`, each.since, screen, colours.dim)),
	];
}

/**
 * Puts the text on the left and the time since `since` on the right. `shorten` removes indents, so they are added here again.
 */
function row(
	text: string,
	since: number,
	{columns, now, colours}: Screen,
	colour: (text: string) => string = each => each,
): string {
	const indent = /^ */.exec(text)?.[0] ?? '';
	const {left, gap, right} = spread(text, clock((now - since) / 1000), columns - indent.length);
	return `${indent}${colour(left)}${gap}${colours.dim(right)}`;
}

function indented(text: string, columns: number): string {
	return `  ${shorten(text, columns - 2)}`;
}

function tally(counts: Counts, {columns, colours}: Screen): string {
	const present = presentIn(counts);
	const text = (each: keyof Counts) => `${signs[each]} ${counts[each]}${columns < 60 ? '' : ` ${verdictWords[each]}`}`;
	return `  ${present.map(each => colourOf(each, colours)(text(each))).join('  ') || colours.dim('no result yet')}`;
}
