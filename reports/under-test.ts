/** Describes what a cell tests. For a stack it adds the kind: results of a rehearsal say nothing about OpenStack. Pure. */
import {type Cell, stackOf, uniform, variantOf} from '../harness/model/index.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';

/** `Docker 20.10.24 on bookworm`, `Docker 20.10.24 on bookworm → 28.5.2` if nodes are upgraded, `…, with nft` if they have a variant, `rehearsal: a rehearsal tree of …`. */
export function underTest(cell: Cell): string {
	const stack = stackOf(cell);
	return stack
		? `${stack.label}: ${stack.what}`
		: [
				uniform(cell, ({engine}) => `Docker ${engine.version} on ${engine.source.suite}`),
				...(cell.upgrade ?? []).map(({version}) => version),
			].join(' → ') + variantText(cell);
}

/** `, with nft`; `, with nft (w1), none (m1)` if nodes differ; empty if no node has a variant. */
export function variantText(cell: Cell): string {
	return hasVariants(cell) ? `, with ${uniform(cell, variantOf)}` : '';
}

/** Returns whether a node of the cell has a variant. */
export function hasVariants({nodes}: Cell): boolean {
	return nodes.some(({variant}) => variant);
}

/** Returns one sentence for each stack that results come from, for the head of a report. */
export function stackNotes({cells}: RunSummary): string[] {
	const stacks = cells.flatMap(({cell}) => stackOf(cell) ?? []);
	return [...new Set(stacks.map(({label, what}) => `Results of “${label}” come from ${what}.`))];
}
