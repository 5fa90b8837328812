/** The tables of the healthy bench, as Markdown. Pure. */
import type {HealthyRun} from './healthy-record.ts';
import {median} from './measure.ts';

/** Returns the results of all runs: per cell, what was red and why, what was measured, and the sum. */
export function healthyTables(runs: readonly HealthyRun[]): string {
	const reds = runs.flatMap(run => run.red.map(red => ({run, red})));
	const notices = [
		...Map.groupBy(
			runs.flatMap(run => run.notices.map(what => ({run, what}))),
			({what}) => what,
		),
	];
	return [
		markdownTable(
			['cell', 'runs', 'of them busy', 'passed', 'failed', 'broken', 'skipped', 'seconds, median', 'longest'],
			[...Map.groupBy(runs, ({cell}) => cell)]
				.sort(([a], [b]) => a.localeCompare(b, 'en', {numeric: true}))
				.map(cellRow),
		),
		sentence(runs),
		reds.length === 0
			? 'Nothing was red.'
			: markdownTable(
					['run', 'cell', 'CPUs', 'seed', 'verdict', 'scenario', 'reason'],
					reds.map(({run, red}) => [
						...[`${run.number}`, run.cell, cpus(run), `${run.seed}`, red.verdict, red.title, red.reason],
					]),
				),
		...(notices.length === 0
			? []
			: [
					markdownTable(
						['not red, but reported', 'times', 'in runs'],
						notices.map(([what, those]) => [what, `${those.length}`, those.map(({run}) => run.number).join(', ')]),
					),
				]),
		metricsTable(runs),
	].join('\n\n');
}

function cellRow([cell, runs]: [string, HealthyRun[]]): string[] {
	const seconds = runs.map(run => run.seconds);
	const sum = (key: 'passed' | 'failed' | 'broken' | 'skipped') => `${total(runs, key)}`;
	return [
		...[cell, `${runs.length}`, `${runs.filter(({busy}) => busy).length}`],
		...[sum('passed'), sum('failed'), sum('broken'), sum('skipped')],
		...[median(seconds).toFixed(0), Math.max(...seconds).toFixed(0)],
	];
}

/** Returns `128 runs, 43 on a busy host: 2560 results, 0 of them red.` Skipped scenarios do not count as results. */
export function sentence(runs: readonly HealthyRun[]): string {
	const proven = (['passed', 'failed', 'broken'] as const).reduce((sum, key) => sum + total(runs, key), 0);
	const red = runs.reduce((sum, run) => sum + run.red.length, 0);
	const hours = runs.reduce((sum, {seconds}) => sum + seconds, 0) / 3600;
	const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
	return `${count(runs.length, 'run')} in ${hours.toFixed(1)} h, ${runs.filter(({busy}) => busy).length} on a busy host: ${count(proven, 'result')}, ${red} of them red; ${total(runs, 'skipped')} skipped.`;
}

function total(runs: readonly HealthyRun[], key: 'passed' | 'failed' | 'broken' | 'skipped'): number {
	return runs.reduce((sum, run) => sum + run[key], 0);
}

function metricsTable(runs: readonly HealthyRun[]): string {
	const names = [...new Set(runs.flatMap(({metrics}) => Object.keys(metrics)))].sort();
	const shown = (busy: boolean, name: string) => {
		const values = runs.filter(run => run.busy === busy).flatMap(({metrics}) => metrics[name] ?? []);
		return values.length === 0
			? ['', '', '']
			: [median(values).toFixed(2), Math.max(...values).toFixed(2), `${values.length}`];
	};
	return names.length === 0
		? 'Nothing was measured.'
		: markdownTable(
				['measured', 'idle: median', 'longest', 'n', 'busy: median', 'longest', 'n'],
				names.map(name => [name, ...shown(false, name), ...shown(true, name)]),
			);
}

/** Returns one line about a run, for people who watch the bench. */
export function runLine(run: HealthyRun, all: number): string {
	const counts = (['passed', 'failed', 'broken', 'skipped'] as const).filter(key => run[key] > 0);
	const parts = [
		`${String(run.number).padStart(String(all).length)}/${all}`,
		run.cell,
		cpus(run),
		`seed ${run.seed}`,
		`${run.seconds.toFixed(0)} s`,
		counts.map(key => `${run[key]} ${key}`).join(', ') || 'nothing proven',
		...run.red.map(({verdict, title, reason}) => `RED ${verdict}: ${title}: ${reason}`),
	];
	// A reason may hold line ends and control characters of a terminal.
	return parts.join(' · ').replaceAll(/[\s\p{Cc}]+/gu, ' ');
}

function cpus({busy}: HealthyRun): string {
	return busy ? 'busy' : 'idle';
}

function markdownTable(head: string[], rows: string[][]): string {
	const line = (cells: string[]) =>
		`| ${cells.map(cell => cell.replaceAll('|', String.raw`\|`).replaceAll(/\s+/g, ' ')).join(' | ')} |`;
	return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
