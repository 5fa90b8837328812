/**
 * Writes JUnit XML for CI systems: one flat suite per cell. The class name contains the cell too, because several readers show
 * nothing else. `failure` is a fault of the product, `error` is a fault of the lab.
 */
import {type Cell, countsOf, stackOf, uniform, variantOf} from '../harness/model/index.ts';
import {counted} from '../harness/record/counted.ts';
import {type CellSummary, type Counts, noCounts, type RunSummary} from '../harness/record/summary/summary.ts';
import {type JunitOptions, properties, testcase, time} from './junit-case.ts';
import {dotless, lineOfXml, unique} from './names.ts';
import {changesIn, nightlyFacts} from './nightly.ts';
import {orderTexts} from './order.ts';
import {hasVariants} from './under-test.ts';
import {closing, declaration, type Element, element, opening, serialise} from './xml.ts';

export type {JunitOptions} from './junit-case.ts';

/** One cell of a document, written piece by piece: all cases of a large run at once would take hundreds of MB. */
export interface Suite {
	/** Omitted for a run without cells. */
	cell?: CellSummary;
	/** Unique in the run, without dots. */
	name: string;
	seconds: number;
	counts: Counts;
	/** Yields the element. It is the same in every document that contains it. */
	pieces(): Iterable<string>;
}

/** Returns the suites of a run, in the order of its cells. */
export function suitesOf(summary: RunSummary, options: JunitOptions = {}): Suite[] {
	const names = unique();
	return summary.cells.length > 0
		? summary.cells.map((cell, index) => suite(summary, cell, index, names(dotless(cell.cell.id)), options))
		: [emptyRun(summary)];
}

/** Returns the text before the suites of a document. */
export function documentHead(suites: Suite[], seconds: number): string {
	return `${declaration}${opening(root(suites, seconds))}\n`;
}

/** The text after the suites. */
export const documentTail = closing(element('testsuites'));

/** Returns the whole run as one document. */
export function junitOfRun(summary: RunSummary, options: JunitOptions = {}): string {
	return whole(suitesOf(summary, options), summary.seconds);
}

/** Returns one cell as a document of its own. Throws RangeError for a cell that is not in the summary. */
export function junitOfCell(summary: RunSummary, cellId: string, options: JunitOptions = {}): string {
	const found = suitesOf(summary, options).find(each => each.cell?.cell.id === cellId);
	if (!found) {
		throw new RangeError(`The run ${summary.run} has no cell ${cellId}`);
	}

	return whole([found], found.seconds);
}

function whole(suites: Suite[], seconds: number): string {
	return [documentHead(suites, seconds), ...suites.flatMap(each => [...each.pieces()]), documentTail].join('');
}

function root(suites: Suite[], seconds: number): Element {
	const sum = (one: (counts: Counts) => number) => suites.reduce((total, {counts}) => total + one(counts), 0);
	return element('testsuites', {
		name: 'swarmlab',
		tests: sum(testsIn),
		failures: sum(each => each.failed),
		errors: sum(each => each.broken),
		time: time(seconds),
	});
}

function suite(summary: RunSummary, cell: CellSummary, id: number, name: string, options: JunitOptions): Suite {
	const {counts, seconds} = cell;
	const tag = suiteTag(name, id, cell, summary.host?.hostname);
	const changes = changesIn(summary, cell.cell.id);
	return {
		cell,
		name,
		seconds,
		counts,
		*pieces() {
			const names = unique();
			yield `${opening(tag, '  ')}\n${serialise(properties(factsOf(summary, cell)), '    ')}`;
			for (const [index, each] of cell.cases.entries()) {
				const own = {log: index === 0 ? provisionLog(cell) : each.log, changes: changes.get(each.id) ?? []};
				yield serialise(testcase(each, {suiteName: name, names, ...own}, options), '    ');
			}

			yield closing(tag, '  ');
		},
	};
}

/** Makes a record without cells visible: some readers drop a suite without a test case. */
function emptyRun(summary: RunSummary): Suite {
	const {seconds, startedAt} = summary;
	const message = 'no cell was recorded: the run ended before it had begun';
	const counts = {...noCounts(), broken: 1};
	return {
		name: 'run',
		seconds,
		counts,
		*pieces() {
			yield serialise(
				{
					...suiteTag('run', 0, {counts, seconds, startedAt}),
					content: [
						properties({state: summary.state}),
						element('testcase', {name: 'run', classname: 'swarm.run', time: time(seconds)}, [
							element('error', {message, type: 'NoResult'}, [message, ...summary.problems].join('\n')),
						]),
					],
				},
				'  ',
			);
		},
	};
}

function suiteTag(
	name: string,
	id: number,
	{counts, seconds, startedAt}: Pick<CellSummary, 'counts' | 'seconds' | 'startedAt'>,
	hostname = '',
): Element {
	return element('testsuite', {
		name,
		id,
		tests: testsIn(counts),
		failures: counts.failed,
		errors: counts.broken,
		// A known failure is no failure for a CI, and is to be seen: see junit-case.ts.
		skipped: counts.skipped + counts.known,
		time: time(seconds),
		timestamp: stamp(startedAt),
		hostname: lineOfXml(hostname) || 'unknown',
	});
}

function testsIn({passed, failed, known, broken, skipped}: Counts): number {
	return passed + failed + known + broken + skipped;
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
	const {managers, workers, outsiders} = countsOf(cell);
	return {
		cell: cell.id,
		run: summary.run,
		'run.state': summary.state,
		'cell.state': rest.state,
		...nightlyFacts(summary),
		...orderOf(summary, {cell, artifacts, metrics, ...rest}),
		provider: cell.provider,
		kernel: uniform(cell, ({kernel}) => kernel.release),
		'kernel.label': uniform(cell, ({kernel}) => kernel.label),
		...product(cell),
		topology: `${counted(managers, 'manager')}, ${counted(workers, 'worker')}, ${outsiders > 0 ? `${counted(outsiders, 'outsider')}, ` : ''}${uniform(cell, ({memory}) => memory)} MiB and ${uniform(cell, ({cpus}) => counted(cpus, 'CPU'))} each`,
		...(host && {
			accelerator: host.accelerator,
			'accelerator.reason': host.acceleratorReason,
			'host.os': host.os,
			'host.kernel': host.kernel,
			...prefixed('host.', host.facts),
			swarmlab: host.swarmlab,
		}),
		'infrastructure.retries': rest.retries.length,
		...keysByKind(artifacts),
		...prefixed('metric.', metrics),
		...prefixed('seconds.', secondsByStage(rest)),
	};
}

function keysByKind(artifacts: CellSummary['artifacts']): Record<string, string> {
	const kinds = Map.groupBy(artifacts, ({kind}) => kind);
	return Object.fromEntries([...kinds].map(([kind, all]) => [`artifact.${kind}`, all.map(({key}) => key).join('+')]));
}

/** Returns the orders of a run with a seed; empty without a seed. */
function orderOf({seed}: Pick<RunSummary, 'seed'>, cell: CellSummary): Record<string, string | number> {
	const orders = orderTexts(cell).map(({where, order}) => [where === '' ? 'order' : `order.${where}`, order]);
	return seed === undefined ? {} : {seed, ...Object.fromEntries(orders)};
}

/** Returns what is under test, and the kind of a stack. */
function product(cell: Cell): Record<string, string> {
	const stack = stackOf(cell);
	return stack
		? {
				stack: stack.what,
				'stack.kind': stack.kind,
				'stack.label': stack.label,
				'stack.contract': `DevStack ${stack.revision}`,
				...(stack.commit && {'stack.commit': stack.commit}),
				...prefixed('localrc.', visible(stack.localrc)),
			}
		: {
				engine: uniform(cell, ({engine}) => engine.version),
				'engine.label': uniform(cell, ({engine}) => engine.label),
				'engine.suite': uniform(cell, ({engine}) => engine.source.suite),
				...(hasVariants(cell) && variantProperties(cell)),
				...(cell.upgrade && {'engine.upgrade': cell.upgrade.map(({version}) => version).join(', ')}),
			};
}

/** Returns the variants of the nodes, and what each of them changes. */
function variantProperties(cell: Cell): Record<string, string> {
	const variants = new Map(cell.nodes.flatMap(({variant}) => (variant ? [[variant.id, variant] as const] : [])));
	const changes = [...variants].map(([id, {id: _, ...rest}]) => [`variant.${id}`, JSON.stringify(rest)] as const);
	return {variant: uniform(cell, variantOf), ...Object.fromEntries(changes)};
}

/** Returns the settings whose name does not look like a secret. */
function visible(localrc: Record<string, string>): Record<string, string> {
	const secret = /PASS|SECRET|TOKEN|KEY|proxy/i;
	return Object.fromEntries(Object.entries(localrc).filter(([name]) => !secret.test(name)));
}

/** Sums the seconds by stage: a cell has a stage once for each swarm that it brings up. */
function secondsByStage({stages}: Pick<CellSummary, 'stages'>): Record<string, number> {
	const sum = (name: string) => stages.reduce((all, {stage, seconds}) => (stage === name ? all + seconds : all), 0);
	return Object.fromEntries(stages.map(({stage}) => [stage, Number(sum(stage).toFixed(3))]));
}

function prefixed<Value>(prefix: string, values: Record<string, Value>): Record<string, Value> {
	return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

/**
 * Returns UTC without zone and fractions, the form that every schema in use accepts. It allows four digits for the year, and no
 * year 0.
 */
function stamp(at: string): string {
	const date = new Date(at);
	const year = date.getUTCFullYear();
	return (year >= 1 && year <= 9999 ? date : new Date(0)).toISOString().slice(0, 19);
}
