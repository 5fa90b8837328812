/** Where a run was made, in Markdown: host, cells, artifacts, notices. Pure. */
import {type Cell, countsOf, uniform} from '../harness/model/index.ts';
import {counted, singularOrPlural} from '../harness/record/counted.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';
import {code, words} from './gfm.ts';
import {orderTexts, seedText} from './order.ts';
import {underTest} from './under-test.ts';
import {duration} from './words.ts';

/** Returns the section. */
export function surroundings(summary: RunSummary): string[] {
	const {host, cells, artifacts, notices, leftovers} = summary;
	const seed = seedText(summary);
	const retries = cells.flatMap(({cell, retries}) => retries.map(each => ({cell, ...each})));
	const left = [...leftovers, ...cells.flatMap(each => each.leftovers)];
	const lines = [
		...(host
			? [
					`- host: ${words(host.hostname)}, ${words(host.os)}, kernel ${words(host.kernel)}, ${counted(host.cpus, 'CPU')}, ${[`${host.memory} MiB`, ...Object.values(host.facts).map(words), `swarmlab ${words(host.swarmlab)}`].join(', ')}`,
					`- accelerator: ${words(host.accelerator)} (${words(host.acceleratorReason)})`,
				]
			: []),
		...cells.map(
			({cell, state, seconds}) =>
				`- ${code(cell.id)}: kernel ${words(uniform(cell, ({kernel}) => kernel.release))}, ${words(underTest(cell))}, ${machines(cell)}; ${state}, ${duration(seconds)}`,
		),
		...(seed ? [`- order of the scenarios: seed ${words(seed)}`] : []),
		...cells.flatMap(each =>
			orderTexts(each).map(
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
	return lines.length === 0 ? [] : ['## Where it was run', lines.join('\n')];
}

function machines(cell: Cell): string {
	const {managers, workers} = countsOf(cell);
	const size = uniform(cell, ({memory}) => memory);
	return `${managers} + ${workers} ${singularOrPlural(cell.nodes.length, 'machine')} of ${size} MiB`;
}
