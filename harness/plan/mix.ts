/** Kernels and engines of a cell: one for all nodes, or one for each node by its name. Pure. */
import {UsageError} from '../errors.ts';
import {nodeNames, type Topology} from '../model/index.ts';
import {nearest} from '../nearest.ts';

/** What the named nodes have, and what all others have. */
export interface Mix<Item> {
	named: Readonly<Record<string, Item>>;
	others: Item;
}

/** One item for all nodes, or a mix. */
export type Choice<Item> = Item | Mix<Item>;

export function isMix<Item extends object>(choice: Choice<Item>): choice is Mix<Item> {
	return 'named' in choice;
}

/** Returns every item of a choice; an item that several nodes have comes several times. */
export function membersOf<Item extends object>(choice: Choice<Item>): Item[] {
	return isMix(choice) ? [...Object.values(choice.named), choice.others] : [choice];
}

/** Returns the item of a node. */
export function itemOf<Item extends object>(choice: Choice<Item>, node: string): Item {
	return isMix(choice) ? (choice.named[node] ?? choice.others) : choice;
}

/** Returns the choice with each item replaced. */
export function mapChoice<Item extends object, To extends object>(
	choice: Choice<Item>,
	to: (item: Item) => To,
): Choice<To> {
	if (!isMix(choice)) {
		return to(choice);
	}

	const named = Object.entries(choice.named).map(([node, item]) => [node, to(item)] as const);
	return {named: Object.fromEntries(named), others: to(choice.others)};
}

/**
 * Applies `distinct` to all items of all choices, so that different items have different labels in every cell.
 * @param distinct keeps the first of equal items, and the order
 */
export function relabelled<Item extends object>(
	choices: readonly Choice<Item>[],
	distinct: (items: readonly Item[]) => Item[],
): Choice<Item>[] {
	const unique = [...new Map(choices.flatMap(membersOf).map(item => [JSON.stringify(item), item]))];
	const labelled = distinct(unique.map(([, item]) => item));
	const byText = new Map(unique.map(([text], index) => [text, labelled[index]!]));
	return choices.map(choice => mapChoice(choice, item => byText.get(JSON.stringify(item))!));
}

/** Keeps equal choices once, in their order. */
export function uniqueChoices<Item>(choices: readonly Choice<Item>[]): Choice<Item>[] {
	return [...new Map(choices.map(choice => [JSON.stringify(choice), choice])).values()];
}

/** Returns whether a topology has all nodes that the choice names. */
export function fits<Item extends object>(choice: Choice<Item>, topology: Topology): boolean {
	return missing(choice, topology).length === 0;
}

/**
 * Returns a sentence for each mix and each topology that has not all of the mix's nodes: there is no cell of the two.
 * @param what `an engine` @param where the option or field that the choices come from: `--docker`
 * @throws UsageError if no topology has a node that a mix names
 */
export function mixRemarks<Item extends object>(
	choices: readonly Choice<Item>[],
	topologies: readonly Topology[],
	{what, where}: {what: string; where: string},
): string[] {
	const names = [...new Set(topologies.flatMap(nodeNames))];
	const unknown = choices.flatMap(choice =>
		isMix(choice) ? Object.keys(choice.named).filter(name => !names.includes(name)) : [],
	);
	if (topologies.length > 0 && unknown.length > 0) {
		const [near] = nearest(unknown[0]!, names, 1);
		throw new UsageError(
			`${where} gives ${what} to ${[...new Set(unknown)].join(', ')}, and the nodes are ${names.join(', ')}.${near ? ` Did you mean '${near}'?` : ''}`,
			{remedy: 'Name a node that is there, or ask for more nodes by --managers and --workers.'},
		);
	}

	return choices.flatMap(choice => {
		const nowhere = topologies.every(topology => !fits(choice, topology));
		if (nowhere && topologies.length > 0) {
			throw new UsageError(
				`${where} gives ${what} to ${Object.keys((choice as Mix<Item>).named).join(', ')}, and no topology has all of these nodes.`,
				{remedy: 'Name nodes of one topology.'},
			);
		}

		return topologies
			.filter(topology => !fits(choice, topology))
			.map(
				topology =>
					`${where} gives ${what} to ${missing(choice, topology).join(', ')}: there is no cell of it with ${topology.managers} + ${topology.workers} machines.`,
			);
	});
}

function missing<Item extends object>(choice: Choice<Item>, topology: Topology): string[] {
	const there = nodeNames(topology);
	return isMix(choice) ? Object.keys(choice.named).filter(name => !there.includes(name)) : [];
}

/**
 * Returns the part of a cell's id that names the items of its nodes, each with the prefix. What most nodes have comes first,
 * without names; of equally many, what the first node has. Other items are followed by the names of their nodes:
 * `d28.5.2-d20.10.24_m1_w2`. The same nodes always have the same text.
 */
export function idPart(nodes: readonly {name: string; label: string}[], prefix: string): string {
	const byLabel = new Map<string, string[]>();
	for (const {name, label} of nodes) {
		byLabel.set(label, [...(byLabel.get(label) ?? []), name]);
	}

	const most = Math.max(...[...byLabel.values()].map(names => names.length));
	const [usual] = [...byLabel].find(([, names]) => names.length === most)!;
	const others = [...byLabel].filter(([label]) => label !== usual);
	return [`${prefix}${usual}`, ...others.map(([label, names]) => `${prefix}${label}_${names.join('_')}`)].join('-');
}
