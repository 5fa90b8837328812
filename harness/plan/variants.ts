/** Variants of a config and of the command line, as choices of a matrix. Pure. */
import type {MixConfig} from '../config/types.ts';
import {findVariant, variantOfDaemon} from '../config/variants.ts';
import {type NodeSpec, noVariant, type Variant, variantOf} from '../model/index.ts';
import {type Choice, membersOf} from './mix.ts';

/** All nodes are as they are without a variant. */
export const noVariants: Variant = {id: noVariant};

/**
 * Returns the choices: those that `--variant` names, else all of the config; and the one that `--daemon` means. Without any of
 * these, nodes have no variant.
 * @throws UsageError
 */
export function chooseVariants(
	variants: readonly Variant[],
	{variant: asked, daemon}: {variant?: readonly (string | MixConfig)[]; daemon?: readonly string[]},
): Choice<Variant>[] {
	const own = daemon && daemon.length > 0 ? [variantOfDaemon(daemon)] : [];
	const known = [...variants, ...own];
	const named = asked?.map(spec => choiceOf(spec, known)) ?? (own.length > 0 ? [] : variants);
	// In a mix, `--daemon` may be named by its id; then it is no cell of its own.
	const used = new Set(named.flatMap((choice): Variant[] => membersOf(choice)).map(({id}) => id));
	const all = [...named, ...own.filter(({id}) => !used.has(id))];
	return all.length > 0 ? all : [noVariants];
}

function choiceOf(spec: string | MixConfig, known: readonly Variant[]): Choice<Variant> {
	if (typeof spec === 'string') {
		return findVariant(spec, known);
	}

	const {others = noVariant, ...named} = spec;
	const items = Object.entries(named).map(([node, id]) => [node, findVariant(id, known)] as const);
	return {named: Object.fromEntries(items), others: findVariant(others, known)};
}

/** Returns the field of a node: nothing for one without a variant, so that it is as it always was. */
export function variantField(variant: Variant): Pick<NodeSpec, 'variant'> {
	return variant.id === noVariant ? {} : {variant};
}

/**
 * Returns the part of a cell's id that names the variants of its nodes: `-with-nft`, `-with-nft_w1_w2` if other nodes have
 * none or another. It is empty if no node has one.
 */
export function variantPart(nodes: readonly Pick<NodeSpec, 'name' | 'variant'>[]): string {
	const byId = Map.groupBy(nodes, variantOf);
	return [...byId]
		.filter(([id]) => id !== noVariant)
		.map(([id, those]) => `-with-${id}${byId.size === 1 ? '' : `_${those.map(({name}) => name).join('_')}`}`)
		.join('');
}
