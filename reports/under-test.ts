/** Describes what a cell tests. For a stack it adds the kind: results of a rehearsal say nothing about OpenStack. Pure. */
import {type Cell, stackOf, uniform} from '../harness/model/index.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';

/** `Docker 20.10.24 on bookworm`, `Docker 20.10.24 on bookworm → 28.5.2` if nodes are upgraded, `rehearsal: a rehearsal tree of …`. */
export function underTest(cell: Cell): string {
	const stack = stackOf(cell);
	return stack
		? `${stack.label}: ${stack.what}`
		: [
				uniform(cell, ({engine}) => `Docker ${engine.version} on ${engine.source.suite}`),
				...(cell.upgrade ?? []).map(({version}) => version),
			].join(' → ');
}

/** Returns one sentence for each stack that results come from, for the head of a report. */
export function stackNotes({cells}: RunSummary): string[] {
	const stacks = cells.flatMap(({cell}) => stackOf(cell) ?? []);
	return [...new Set(stacks.map(({label, what}) => `Results of “${label}” come from ${what}.`))];
}
