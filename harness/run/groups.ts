/** Which scenarios are proven together on one cluster: a process and a cluster each. Pure. */
import path from 'node:path';
import type {Claim, Isolation, Origin, PlannedScenario} from '../model/index.ts';

export interface Group {
	cluster: Isolation;
	/** It starts on a snapshot in which this stands already. */
	fixture?: {name: string; file: string};
	/** Absolute. */
	files: string[];
	/** What to prove; undefined: all that the files hold, also what nobody could announce. */
	claims?: Claim[];
}

export interface Grouping {
	/** Scenario files, absolute. */
	files: readonly string[];
	scenarios: readonly PlannedScenario[];
	/** The quickest way in which machines may come up. */
	origin: Origin;
	/** Fixtures may be restored from snapshots, too. */
	reuseFixtures: boolean;
	/** The files hold more than these scenarios, which were chosen by line. */
	isPart?: boolean;
	/** What the files of scenarios are relative to. */
	workspace: string;
}

/**
 * Those that share come first, as together they take longest: with saved fixtures one group for each fixture, and one for
 * the rest. Then one for each scenario that wants a cluster of its own.
 * Where every cluster is a boot, all share one: each scenario undoes what it did, and a boot costs more than it proves.
 */
export function groupsOf({files, scenarios, origin, reuseFixtures, isPart = false, workspace}: Grouping): Group[] {
	const own = origin === 'cold boot' ? [] : scenarios.filter(({cluster = 'shared'}) => cluster !== 'shared');
	const shared = scenarios.filter(each => !own.includes(each));
	const absolute = ({file}: {file: string}) => path.resolve(workspace, file);
	const alone = own.map(
		({title, cluster, fixture, ...rest}): Group => ({
			cluster: cluster!,
			...(reuseFixtures && fixture && cluster === 'fresh' && {fixture}),
			files: [absolute(rest)],
			claims: [claimOf({title, ...rest})],
		}),
	);

	const onFixtures = reuseFixtures && origin !== 'cold boot' ? shared.filter(({fixture}) => fixture) : [];
	const byFixture = Map.groupBy(onFixtures, ({fixture}) => `${fixture!.file}\n${fixture!.name}`);
	const together = [...byFixture.values()].map((members): Group => {
		return {
			cluster: 'shared',
			fixture: members[0]!.fixture!,
			files: files.filter(file => members.some(each => absolute(each) === file)),
			claims: members.map(claimOf),
		};
	});

	const rest = shared.filter(each => !onFixtures.includes(each));
	if (rest.length > 0) {
		const everything = alone.length + together.length === 0 && !isPart;
		together.push({
			cluster: 'shared',
			files: files.filter(file => rest.some(each => absolute(each) === file)),
			...(!everything && {claims: rest.map(claimOf)}),
		});
	}

	// A file that could not tell what it claims is run all the same, so that it stands in the results.
	const silent = files.filter(file => !scenarios.some(each => absolute(each) === file));
	return [...together, ...(silent.length > 0 ? [{cluster: 'shared' as const, files: silent}] : []), ...alone];
}

function claimOf({file, title}: PlannedScenario): Claim {
	return {file, title};
}
