/** Names of kinds in the cache. Where one differs from the kind, a rename would make every such artifact again. Pure. */

const namesInCache = new Map([['fixture', 'stage']]);

/** The name by which artifacts of a kind lie in the cache and are keyed. */
export function nameInCache(kind: string): string {
	return namesInCache.get(kind) ?? kind;
}

/** The kind of what lies in the cache by this name. */
export function kindInCache(name: string): string {
	const [kind] = [...namesInCache].find(([, inCache]) => inCache === name) ?? [name];
	return kind;
}
