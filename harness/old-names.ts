/**
 * Public names of earlier versions, and their new names. Each old name works until the next release, and a run warns about
 * it. To remove them, delete this file, `old-names*` in other folders, scenarios/arrangements.ts and docs/old-names.md; the
 * compiler finds the rest.
 */
export const oldNames = {
	/** What scenario files import from 'swarmlab'. */
	functions: {arrangement: 'fixture'},
	types: {Arrangement: 'Fixture'},
	/** Needs of a scenario. */
	needs: {arrangement: 'fixture', spoils: 'modifies'},
	/** Values of the need `cluster`. */
	clusters: {formed: 'new'},
	/** Options of `run` and `plan`. */
	options: {'--stages': '--reuse-fixtures', '--no-stages': '--no-reuse-fixtures'},
	/** Values of `--kind` of `images`. */
	kinds: {stage: 'fixture'},
	/** Files that scenario files import. */
	files: {'scenarios/arrangements.ts': 'scenarios/fixtures.ts'},
} as const;

/** One use of an old name. */
export interface OldName {
	/** The old name, as it is written. */
	old: string;
	now: string;
	/** Where it is written, in a scenario file. */
	file?: string;
	line?: number;
}

/** A warning names only this many places where an old name is used. */
const placesNamed = 3;

/** Returns one sentence for each old name, however often it is used. */
export function oldNameWarnings(used: readonly OldName[]): string[] {
	return [...Map.groupBy(used, ({old}) => old)].map(([old, uses]) => {
		const places = [...new Set(uses.flatMap(({file, line}) => (file ? [line ? `${file}:${line}` : file] : [])))];
		const more = places.length > placesNamed ? [`${places.length - placesNamed} more`] : [];
		const where = places.length > 0 ? ` (${[...places.slice(0, placesNamed), ...more].join(', ')})` : '';
		return `${old} is called ${uses[0]!.now} now${where}. The old name goes with the next release.`;
	});
}
