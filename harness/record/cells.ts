/** What a record must have of a cell: in the present form, or in that of schema 1, which had no nodes. */
import {
	type Cell,
	type Engine,
	type Kernel,
	type NodeSpec,
	nodesOf,
	type Stack,
	type Subject,
	type Topology,
	type Variant,
} from '../model/index.ts';
import {flag, list, number, object, oneOf, optional, type Shape, table, text} from '../shape.ts';

const kernel = object<Pick<Kernel, 'label' | 'release'>>({label: text(), release: text()}) as Shape<Kernel>;

/** Of its source, no report shows more than the suite. */
const engine = object<{label: string; version: string; source: {suite: string}}>({
	label: text(),
	version: text(),
	source: object({suite: text()}),
}) as Shape<Engine>;

const stack = object<Omit<Stack, 'retryWithRemedy'>>({
	kind: text() as Shape<Stack['kind']>,
	label: text(),
	what: text(),
	revision: text(),
	commit: optional(text()),
	exercises: list(text()),
	localrc: table(text()),
}) as Shape<Stack>;

const plain = optional(flag) as Shape<Cell['plain']>;
const provider = text() as Shape<Cell['provider']>;

/** Of a variant, reports show the id, and the rest as it was given. */
const variant = optional(object<Pick<Variant, 'id'>>({id: text()})) as Shape<NodeSpec['variant']>;

const node = object<NodeSpec>({
	name: text(),
	role: oneOf('manager', 'worker'),
	kernel,
	engine,
	variant,
	memory: number,
	cpus: number,
});

const onStack = object<{stack: Stack}>({stack});
const subject: Shape<Subject> = (value, at, faults) =>
	typeof value === 'object' && value !== null ? onStack(value, at, faults) : oneOf<'swarm'>('swarm')(value, at, faults);

/** A cell has at least one node, even if nothing is known of that node. */
const nodes: Shape<NodeSpec[]> = (value, at, faults) => {
	const nodes = list(node)(value, at, faults);
	return nodes.length > 0 ? nodes : [node(undefined, at, value === undefined ? [] : faults)];
};

const upgrade = optional(list(engine)) as Shape<Cell['upgrade']>;

/** Of a helper container, no report shows more than its name. */
const services = optional(list(object<{name: string}>({name: text()}))) as Shape<Cell['services']>;

const today = object<Cell>({id: text(), provider, subject, nodes, upgrade, services, plain});

/** A cell of schema 1. All its machines were alike. */
interface OldCell extends Pick<Cell, 'id' | 'provider' | 'plain'> {
	kernel: Kernel;
	engine: Engine;
	stack?: Stack;
	topology: Topology;
}

const old = object<OldCell>({
	id: text(),
	provider,
	kernel,
	engine,
	stack: optional(stack) as Shape<OldCell['stack'] & object>,
	plain,
	topology: object<Topology>({managers: number, workers: number, memory: number, cpus: number}),
});

/** A number of nodes above what a LAN can have is damaged. */
const mostNodes = 200;

function fromOld({id, provider, kernel, engine, stack, topology, plain}: OldCell): Cell {
	const {managers, workers, memory, cpus} = topology;
	const counts = {
		managers: Math.min(Math.max(managers, workers > 0 ? 0 : 1), mostNodes),
		workers: Math.min(workers, mostNodes),
	};
	return {
		id,
		provider,
		subject: stack ? {stack} : 'swarm',
		nodes: nodesOf({...counts, memory, cpus}, {kernel, engine}),
		...(plain && {plain}),
	};
}

/** A cell of a record, returned in the present form. */
export const cell: Shape<Cell> = (value, at, faults) =>
	isOld(value) ? fromOld(old(value, at, faults)) : today(value, at, faults);

function isOld(value: unknown): boolean {
	return (
		typeof value === 'object' &&
		value !== null &&
		!('nodes' in value) &&
		['kernel', 'engine', 'topology'].some(part => part in value)
	);
}
