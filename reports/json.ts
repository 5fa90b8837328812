/** Large plain data as JSON, piece by piece. Pure. */

/** The same as `JSON.stringify(value, undefined, '\t')`, in pieces; lists and objects down to `depth` are taken apart. */
export function* jsonPieces(told: unknown, depth = 4, indent = ''): Generator<string> {
	const value = asJson(told);
	const inner = `${indent}\t`;
	if (depth > 0 && Array.isArray(value) && value.length > 0) {
		yield '[';
		for (const [index, each] of value.entries()) {
			yield `${index === 0 ? '' : ','}\n${inner}`;
			yield* jsonPieces(each ?? null, depth - 1, inner);
		}

		yield `\n${indent}]`;
		return;
	}

	if (depth > 0 && typeof value === 'object' && value !== null && !Array.isArray(value)) {
		const parts = Object.entries(value).filter(([, each]) => each !== undefined);
		if (parts.some(([, each]) => typeof each === 'object' && each !== null)) {
			yield '{';
			for (const [index, [name, each]] of parts.entries()) {
				yield `${index === 0 ? '' : ','}\n${inner}${JSON.stringify(name)}: `;
				yield* jsonPieces(each, depth - 1, inner);
			}

			yield `\n${indent}}`;
			return;
		}
	}

	// A line end within a string of JSON is written as \n, so each that is there is one of the form.
	yield JSON.stringify(value, undefined, '\t').replaceAll('\n', `\n${indent}`);
}

/** What an object wants to be told as. */
function asJson(value: unknown): unknown {
	const {toJSON} = (value ?? {}) as {toJSON?: unknown};
	return typeof toJSON === 'function' ? toJSON.call(value) : value;
}
