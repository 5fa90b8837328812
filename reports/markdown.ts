/** A run for people: to read in a CI's step summary and to paste into an issue. */
import type {RunSummary} from '../harness/record/summary.ts';
import {type Finding, findings, measurements, notLookedAt, wholeText} from './findings.ts';
import {block, code, table, words} from './gfm.ts';
import {labels} from './labels.ts';
import {ordersTold, seedTold} from './order.ts';
import {stacksTold, underTest} from './under-test.ts';
import {counted, countsInWords, duration, legend, measured, signs} from './words.ts';

/** The whole summary, ending in a line end. */
export function markdown(summary: RunSummary): string {
	const sections = [
		headline(summary),
		matrix(summary),
		red(summary),
		skipped(summary),
		metrics(summary),
		slowest(summary),
		surroundings(summary),
	];
	return `${sections.filter(each => each !== '').join('\n\n')}\n`;
}

function headline(summary: RunSummary): string {
	const {state, signal, run, command, seconds, startedAt, flaky, problems} = summary;
	const ended = {
		finished: '',
		interrupted: ` The run was interrupted (${signal}).`,
		unfinished: ' **The run did not come to its end.**',
	}[state];
	return [
		`# swarmlab: ${countsInWords(summary.counts)}`,
		`Run ${code(run)}, ${words(startedAt)}, ${duration(seconds)}: ${code(command.join(' ')) || 'started by hand'}.${ended}`,
		...(flaky > 0 ? [`**${flaky} flaky**: their repetitions disagree.`] : []),
		...stacksTold(summary).map(each => `> ${words(each)}`),
		...problems.map(each => `> Record: ${words(each)}`),
	].join('\n\n');
}

function matrix({cells}: RunSummary): string {
	if (cells.length === 0) {
		return '';
	}

	const columns = labels(cells.map(each => each.cell)).map(({kernel, engine, more}) =>
		[kernel, engine, more].filter(Boolean).map(words).join('<br>'),
	);
	const titles = cells[0]?.cases.map(each => each.title) ?? [];
	const all = [...new Set([...titles, ...cells.flatMap(each => each.cases.map(one => one.title))])];
	const rows = all.map(title => [
		words(title),
		...cells.map(({cases}) => {
			const found = cases.find(each => each.title === title);
			const {passed, failed, broken, skipped} = found?.repetitions ?? {passed: 0, failed: 0, broken: 0, skipped: 0};
			const share = passed + failed + broken + skipped > 1 ? ` ${passed}/${passed + failed + broken + skipped}` : '';
			return found ? `${signs[found.verdict]}${share}` : '';
		}),
	]);
	return [
		'## What holds where',
		table([['kernel<br>engine', ...columns], ...rows], [':--', ...columns.map(() => ':-:')]),
		`${legend}. A share such as 2/3 counts repetitions that passed.`,
	].join('\n\n');
}

function red(summary: RunSummary): string {
	const found = findings(summary).filter(each => each.verdict !== 'skipped');
	return found.length === 0 ? '' : ['## What does not hold', ...found.map(finding)].join('\n\n');
}

function finding(each: Finding): string {
	const {title, file, line, verdict, reason, cells, evidence, otherTries} = each;
	return [
		`### ${signs[verdict]} ${verdict}: ${words(title)}`,
		`On ${cells.map(cell => code(cell.id)).join(', ')}${file === '' ? '' : `, claimed in ${code(line === undefined ? file : `${file}:${line}`)}`}.`,
		`**${words(reason.message)}**`,
		block(wholeText(reason)),
		...(reason.remedy ? [`→ ${words(reason.remedy)}`] : []),
		...otherTries.map(one => `Another try, ${one.verdict}:\n\n${block(wholeText(one.reason))}`),
		...(evidence.length > 0
			? [`Evidence, in the run folder:\n${evidence.map(path => `- ${code(path)}`).join('\n')}`]
			: []),
	].join('\n\n');
}

function skipped(summary: RunSummary): string {
	const found = findings(summary).filter(each => each.verdict === 'skipped');
	const others = notLookedAt(summary);
	const lines = [
		...found.map(
			({title, reason, cells}) =>
				`- – ${words(title)}: ${words(reason.message)} (on ${cells.length === summary.cells.length ? 'every cell' : cells.map(each => code(each.id)).join(', ')})`,
		),
		...(others > 0 ? [`- – ${counted(others, 'scenario')} on cells that were not there to prove them on.`] : []),
	];
	return lines.length === 0 ? '' : `## Skipped\n\n${lines.join('\n')}`;
}

function metrics(summary: RunSummary): string {
	const rows = measurements(summary);
	if (rows.length === 0) {
		return '';
	}

	const columns = labels(summary.cells.map(each => each.cell)).map(({kernel, engine, more}) =>
		[kernel, engine, more].filter(Boolean).map(words).join('<br>'),
	);
	return [
		'## Measured',
		table(
			[
				['', ...columns],
				...rows.map(({name, title, values}) => [
					title === '' ? words(name) : `${words(name)}<br><sub>${words(title)}</sub>`,
					...values.map(each => (each === undefined ? '' : measured(each))),
				]),
			],
			[':--', ...columns.map(() => '--:')],
		),
		'Seconds, unless the name says otherwise; the median where there are repetitions.',
	].join('\n\n');
}

function slowest({cells}: RunSummary): string {
	const all = cells
		.flatMap(({cell, cases}) => cases.map(({title, seconds}) => ({cell, title, seconds})))
		.filter(each => each.seconds > 0);
	const top = all.sort((a, b) => b.seconds - a.seconds).slice(0, 5);
	return top.length === 0
		? ''
		: `## Slowest\n\n${table([['', 'cell', 'time'], ...top.map(each => [words(each.title), code(each.cell.id), duration(each.seconds)])], [':--', ':--', '--:'])}`;
}

function surroundings(summary: RunSummary): string {
	const {host, cells, artifacts, notices, leftovers} = summary;
	const seed = seedTold(summary);
	const retries = cells.flatMap(({cell, retries}) => retries.map(each => ({cell, ...each})));
	const left = [...leftovers, ...cells.flatMap(each => each.leftovers)];
	const lines = [
		...(host
			? [
					`- host: ${words(host.hostname)}, ${words(host.os)}, kernel ${words(host.kernel)}, ${host.cpus} CPUs, ${host.memory} MiB, ${words(host.qemu)}, swarmlab ${words(host.swarmlab)}`,
					`- accelerator: ${words(host.accelerator)} (${words(host.acceleratorReason)})`,
				]
			: []),
		...cells.map(
			({cell, state, seconds}) =>
				`- ${code(cell.id)}: kernel ${words(cell.kernel.release)}, ${words(underTest(cell))}, ${cell.topology.managers} + ${cell.topology.workers} machines of ${cell.topology.memory} MiB; ${state}, ${duration(seconds)}`,
		),
		...(seed ? [`- order of the scenarios: seed ${words(seed)}`] : []),
		...cells.flatMap(each =>
			ordersTold(each).map(
				({where, order}) => `- order on ${code(each.cell.id)}${where && `, ${where}`}: ${words(order)}`,
			),
		),
		...artifacts.map(
			({kind, label, states, key, seconds, detail}) =>
				`- ${kind} ${words(label)}: ${states.join(', ')}${seconds === undefined ? '' : ` (${duration(seconds)})`}${key ? ` ${code(key)}` : ''}${detail ? `: ${words(detail)}` : ''}`,
		),
		...notices.map(each => `- ${each.level}: ${words(each.message)}`),
		...retries.map(each => `- infrastructure tried again on ${code(each.cell.id)}: ${words(each.reason.message)}`),
		...left.map(each => `- left over: ${words(each.what)}: ${words(each.why)}`),
	];
	return lines.length === 0 ? '' : `## Where it was run\n\n${lines.join('\n')}`;
}
