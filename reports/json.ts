/** Writes large plain data as JSON, piece by piece. Pure. */

/** Yields the text of `JSON.stringify(value, undefined, '\t')` in pieces. Lists and objects are split down to `depth`. */
export function* jsonPieces(content: unknown, depth = 4, indent = ''): Generator<string> {
	const value = asJson(content);
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

	// Line ends within JSON strings are written as \n, so every line end in the text belongs to the layout.
	yield JSON.stringify(value, undefined, '\t').replaceAll('\n', `\n${indent}`);
}

/** Returns what `toJSON` of a value returns, or the value itself. */
function asJson(value: unknown): unknown {
	const {toJSON} = (value ?? {}) as {toJSON?: unknown};
	return typeof toJSON === 'function' ? toJSON.call(value) : value;
}
