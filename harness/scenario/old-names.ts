/** Old names that scenario files may use until the next release: see harness/old-names.ts. */
import {variable} from '../environment.ts';
import {type OldName, oldNames} from '../old-names.ts';
import {callSite} from './call-site.ts';
import {announceVariable} from './cell.ts';
import {type Fixture, fixture, type Part} from './fixture.ts';
import type {Needs} from './needs.ts';
import type {Swarm} from './swarm.ts';

type Parts = Record<string, Part>;

/** @deprecated Use `Fixture`. */
export type Arrangement<Made extends Parts = Parts> = Fixture<Made>;

/** @deprecated Use `fixture()`. */
export function arrangement<Made extends Parts>(name: string, make: (swarm: Swarm) => Promise<Made>): Fixture<Made> {
	reportOldNames([{old: 'arrangement()', now: `${oldNames.functions.arrangement}()`}], callSite());
	return fixture(name, make);
}

/** @deprecated Use the needs `fixture` and `modifies`. */
export interface ArrangedNeeds<Made extends Parts> extends Needs {
	/** @deprecated Use `fixture`. */
	arrangement: Fixture<Made>;
	modifies?: boolean;
	/** @deprecated Use `modifies`. */
	spoils?: boolean;
}

/** Returns the needs with new names, and the old names that were used. An old name stays if its new name is there too. Pure. */
export function withNewNames(needs: unknown): {needs: unknown; used: OldName[]} {
	if (typeof needs !== 'object' || needs === null || Array.isArray(needs)) {
		return {needs, used: []};
	}

	const used: OldName[] = [];
	const renamed = Object.entries(needs).map(([name, value]: [string, unknown]) => {
		const newName = lookUp(oldNames.needs, name);
		if (newName !== undefined && !Object.hasOwn(needs, newName)) {
			used.push({old: `{${name}: …}`, now: `{${newName}: …}`});
			return [newName, value];
		}

		const newCluster = name === 'cluster' ? lookUp(oldNames.clusters, value) : undefined;
		if (newCluster !== undefined) {
			used.push({old: `{cluster: '${value}'}`, now: `{cluster: '${newCluster}'}`});
			return [name, newCluster];
		}

		return [name, value];
	});
	return {needs: used.length > 0 ? Object.fromEntries(renamed) : needs, used};
}

function lookUp(names: Record<string, string>, old: unknown): string | undefined {
	return typeof old === 'string' && Object.hasOwn(names, old) ? names[old] : undefined;
}

/** Reports old names to the harness when a file announces. When scenarios run, they were reported already. */
export function reportOldNames(used: readonly OldName[], {file, line}: {file: string; line?: number}): void {
	if (variable(announceVariable) === undefined) {
		return;
	}

	for (const each of used) {
		process.stdout.write(`${JSON.stringify({type: 'old-name', oldName: {...each, file, line}})}\n`);
	}
}
