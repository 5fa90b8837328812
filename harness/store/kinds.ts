/** Names of kinds of artifacts in the cache. Some keep a former name: a rename would make every such artifact anew. Pure. */

const namesInCache = new Map([['fixture', 'stage']]);

/** Returns the name of a kind in the folders and keys of the cache. */
export function nameInCache(kind: string): string {
	return namesInCache.get(kind) ?? kind;
}

/** Returns the kind that has this name in the cache. */
export function kindInCache(name: string): string {
	const [kind] = [...namesInCache].find(([, inCache]) => inCache === name) ?? [name];
	return kind;
}
