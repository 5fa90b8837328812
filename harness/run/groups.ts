/** Decides which scenarios run together: each group has a process and a cluster of its own. Pure. */
import path from 'node:path';
import type {Claim, Isolation, Origin, PlannedScenario, SwarmOptions} from '../model/index.ts';

export interface Group {
	cluster: Isolation;
	/** The options with which its swarm is formed, if it is formed for its scenario. */
	init?: SwarmOptions;
	/** The fixture that is in the snapshot from which its cluster is restored. */
	fixture?: {name: string; file: string};
	/** Absolute. */
	files: string[];
	/** The claims to run; undefined: all in the files, also those that could not be announced. */
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
	/** Each scenario has a cluster of its own, even if it must be booted. */
	isolated?: boolean;
	/** The scenarios were chosen by line, so the files hold more than these. */
	isPart?: boolean;
	/** The folder that the files of scenarios are relative to. */
	workspace: string;
}

/**
 * Returns the groups. Scenarios that share a cluster come first, because together they take longest: with saved fixtures one
 * group for each fixture, and one for the rest. Then one group for each scenario that needs a cluster of its own.
 * If every cluster must be booted, all scenarios share one: each scenario undoes its changes, and a boot per scenario costs
 * more than it proves. A scenario with options for its swarm has one of its own in any case.
 */
export function groupsOf({
	files,
	scenarios,
	origin,
	reuseFixtures,
	isPart = false,
	isolated = false,
	workspace,
}: Grouping): Group[] {
	const alike = isolated ? scenarios.map(each => ({...each, cluster: ownCluster(each)})) : scenarios;
	const mayOwn = isolated || origin !== 'cold boot';
	const own = alike.filter(({cluster = 'shared', init}) => init || (mayOwn && cluster !== 'shared'));
	const shared = alike.filter(each => !own.includes(each));
	const absolute = ({file}: {file: string}) => path.resolve(workspace, file);
	const alone = own.map(
		({title, cluster, init, fixture, ...rest}): Group => ({
			cluster: cluster!,
			...(init && {init}),
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

	// A file that announced no scenario is run, too, so that it appears in the results.
	const silent = files.filter(file => !scenarios.some(each => absolute(each) === file));
	return [...together, ...(silent.length > 0 ? [{cluster: 'shared' as const, files: silent}] : []), ...alone];
}

function ownCluster({cluster = 'shared'}: PlannedScenario): Isolation {
	return cluster === 'shared' ? 'fresh' : cluster;
}

function claimOf({file, title}: PlannedScenario): Claim {
	return {file, title};
}
