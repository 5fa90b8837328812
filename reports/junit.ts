/**
 * JUnit XML as CI systems read it: one flat suite per cell; the cell also in the class name, as several readers look
 * at nothing else; `failure` is the product's, `error` is ours.
 */

import type {Cell} from '../harness/model.ts';
import {type CaseSummary, type CellSummary, count, type RunSummary} from '../harness/record/summary.ts';
import {type JunitOptions, properties, testcase, time} from './junit-case.ts';
import {dotless, oneLine, unique} from './names.ts';
import {ordersTold} from './order.ts';
import {document, type Element, element} from './xml.ts';

export type {JunitOptions} from './junit-case.ts';

/** The whole run as one document. */
export function junitOfRun(summary: RunSummary, options: JunitOptions = {}): string {
	const names = unique();
	return suites(
		summary.cells.length > 0
			? summary.cells.map((cell, index) => suite(summary, cell, index, names(dotless(cell.cell.id)), options))
			: [emptyRun(summary)],
		summary.seconds,
	);
}

/** One cell as a document of its own. Throws RangeError for a cell that is not in the summary. */
export function junitOfCell(summary: RunSummary, cellId: string, options: JunitOptions = {}): string {
	const names = unique();
	const cellNames = summary.cells.map(each => names(dotless(each.cell.id)));
	const index = summary.cells.findIndex(each => each.cell.id === cellId);
	const cell = summary.cells[index];
	if (!cell) {
		throw new RangeError(`The run ${summary.run} has no cell ${cellId}`);
	}

	return suites([suite(summary, cell, index, cellNames[index] ?? '', options)], cell.seconds);
}

function suites(all: Element[], seconds: number): string {
	const sum = (key: string) => all.reduce((total, each) => total + Number(each.attributes[key]), 0);
	return document(
		element(
			'testsuites',
			{name: 'swarmlab', tests: sum('tests'), failures: sum('failures'), errors: sum('errors'), time: time(seconds)},
			all,
		),
	);
}

function suite(summary: RunSummary, cell: CellSummary, id: number, name: string, options: JunitOptions): Element {
	const names = unique();
	return element(
		'testsuite',
		{
			name,
			id,
			...counts(cell.cases),
			time: time(cell.seconds),
			timestamp: stamp(cell.startedAt),
			hostname: oneLine(summary.host?.hostname ?? '') || 'unknown',
		},
		[
			properties(factsOf(summary, cell)),
			...cell.cases.map((each, index) =>
				testcase(each, name, names, index === 0 ? provisionLog(cell) : each.log, options),
			),
		],
	);
}

/** A record without cells must be seen too: some readers drop a suite without a test case. */
function emptyRun(summary: RunSummary): Element {
	const message = 'no cell was recorded: the run ended before it had begun';
	return element(
		'testsuite',
		{
			name: 'run',
			id: 0,
			tests: 1,
			failures: 0,
			errors: 1,
			skipped: 0,
			time: time(summary.seconds),
			timestamp: stamp(summary.startedAt),
			hostname: 'unknown',
		},
		[
			properties({state: summary.state}),
			element('testcase', {name: 'run', classname: 'swarm.run', time: time(summary.seconds)}, [
				element('error', {message, type: 'NoResult'}, [message, ...summary.problems].join('\n')),
			]),
		],
	);
}

function counts(cases: CaseSummary[]): {tests: number; failures: number; errors: number; skipped: number} {
	const {failed, broken, skipped} = count(cases.map(each => each.verdict));
	return {tests: cases.length, failures: failed, errors: broken, skipped};
}

function provisionLog({retries, leftovers, notices}: CellSummary): string[] {
	return [
		...notices.map(each => `${each.level}: ${each.message}`),
		...retries.map(each => `infrastructure tried again: ${each.reason.message}`),
		...leftovers.map(each => `left over: ${each.what}: ${each.why}`),
	];
}

function factsOf(
	{host, ...summary}: RunSummary,
	{cell, artifacts, metrics, ...rest}: CellSummary,
): Record<string, string | number> {
	const {managers, workers, memory, cpus} = cell.topology;
	return {
		cell: cell.id,
		run: summary.run,
		'run.state': summary.state,
		'cell.state': rest.state,
		...orderOf(summary, {cell, artifacts, metrics, ...rest}),
		provider: cell.provider,
		kernel: cell.kernel.release,
		'kernel.label': cell.kernel.label,
		...product(cell),
		topology: `${managers} managers, ${workers} workers, ${memory} MiB and ${cpus} CPUs each`,
		...(host && {
			accelerator: host.accelerator,
			'accelerator.reason': host.acceleratorReason,
			'host.os': host.os,
			'host.kernel': host.kernel,
			'host.qemu': host.qemu,
			swarmlab: host.swarmlab,
		}),
		'infrastructure.retries': rest.retries.length,
		...Object.fromEntries(artifacts.map(each => [`artifact.${each.kind}`, each.key])),
		...prefixed('metric.', metrics),
		...prefixed('seconds.', secondsByStage(rest)),
	};
}

/** Where a seed made it. */
function orderOf({seed}: Pick<RunSummary, 'seed'>, cell: CellSummary): Record<string, string | number> {
	const orders = ordersTold(cell).map(({where, order}) => [where === '' ? 'order' : `order.${where}`, order]);
	return seed === undefined ? {} : {seed, ...Object.fromEntries(orders)};
}

/** What is under test, and of a stack what kind it is. */
function product({engine, stack}: Cell): Record<string, string> {
	return stack
		? {
				stack: stack.what,
				'stack.kind': stack.kind,
				'stack.label': stack.label,
				'stack.contract': `DevStack ${stack.revision}`,
				...(stack.commit && {'stack.commit': stack.commit}),
				...prefixed('localrc.', visible(stack.localrc)),
			}
		: {engine: engine.version, 'engine.label': engine.label, 'engine.suite': engine.source.suite};
}

/** Settings without those that are secrets by their name. */
function visible(localrc: Record<string, string>): Record<string, string> {
	const secret = /PASS|SECRET|TOKEN|KEY|proxy/i;
	return Object.fromEntries(Object.entries(localrc).filter(([name]) => !secret.test(name)));
}

/** A cell goes through a stage as often as it brings up a swarm. */
function secondsByStage({stages}: Pick<CellSummary, 'stages'>): Record<string, number> {
	const sum = (name: string) => stages.reduce((all, {stage, seconds}) => (stage === name ? all + seconds : all), 0);
	return Object.fromEntries(stages.map(({stage}) => [stage, Number(sum(stage).toFixed(3))]));
}

function prefixed<Value>(prefix: string, values: Record<string, Value>): Record<string, Value> {
	return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

/** UTC without zone and fractions, the form that every schema in use accepts. */
function stamp(at: string): string {
	const date = new Date(at);
	return (Number.isNaN(date.valueOf()) ? new Date(0) : date).toISOString().slice(0, 19);
}
