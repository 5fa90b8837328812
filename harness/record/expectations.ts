/** What a record must have of what is expected of scenarios. */
import type {Expectation, KnownFailure, Reproduction, Variant} from '../model/index.ts';
import {flag, list, number, object, optional, type Shape, text} from '../shape.ts';

const expectation = object<Expectation>({
	fails: text('?'),
	kernel: optional(text('?')),
	sometimes: optional(flag),
	because: text(''),
});

/** Expectations that are lost, in whole or in part, are unknown: then a failure is red. */
const expected: Shape<Reproduction['expected']> = (value, at, faults) => {
	if (value === 'unknown') {
		return value;
	}

	const before = faults.length;
	const all = list(expectation)(value, at, faults);
	return faults.length > before ? 'unknown' : all;
};

export const reproduction = object<Reproduction>({
	issue: text(),
	expected,
	until: optional(text()),
	// Of a variant, reports show the id, and the rest as it was given.
	variant: optional(object<Pick<Variant, 'id'>>({id: text()})) as Shape<Reproduction['variant']>,
	steps: optional(list(text(''))),
	managers: number,
	workers: number,
	outsiders: optional(number),
});

export const knownFailure = object<KnownFailure>({
	scenario: text(),
	cell: optional(text()),
	engine: optional(text('?')),
	kernel: optional(text('?')),
	issue: text(),
	until: text(),
});
