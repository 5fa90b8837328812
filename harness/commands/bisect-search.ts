/** A search over versions: finds what can be had, opens the journal, measures, and reads the changelogs between the neighbours. */
import path from 'node:path';
import {type ChangelogEntry, entriesBetween, readChangelog} from '../artifacts/packages/changelog.ts';
import type {Packages} from '../artifacts/packages/packages.ts';
import {compareVersions} from '../artifacts/packages/versions.ts';
import {bisect} from '../bisect/bisect.ts';
import {openJournal} from '../bisect/journal.ts';
import type {Version} from '../bisect/points.ts';
import type {Bisection} from '../bisect/result.ts';
import type {Rates} from '../bisect/sequential.ts';
import {UsageError} from '../errors.ts';
import {scenarioId} from '../model/index.ts';
import {readPackages} from '../plan/resolve.ts';
import {onHostKernel} from '../providers/names.ts';
import {workspace} from '../workspace.ts';
import type {BisectFlags} from './bisect.ts';
import type {AxisName} from './bisect-axes.ts';
import {readAxis} from './bisect-axis.ts';
import {cellReader, chosenScenario, toolsOf} from './bisect-cell.ts';
import {createProver} from './bisect-prover.ts';
import {print} from './command.ts';
import {prepareHost} from './fit.ts';

type SearchFlags = BisectFlags & {axis: AxisName; good: string; bad: string};

/** Searches. Throws UsageError before anything is run. */
export async function search(
	files: readonly string[],
	flags: SearchFlags,
	{rates, command}: {rates: Rates; command: string[]},
): Promise<Bisection> {
	// 1. What was typed.
	const chosen = await chosenScenario(files, flags);
	const {scenario, loaded} = chosen;
	const onHost = loaded.settings.providers.filter(each => onHostKernel.includes(each));
	if (flags.axis === 'kernel' && onHost.length > 0) {
		throw new UsageError(
			`Nodes of the provider ${onHost.join(', ')} have the kernel of their host: no other one can be tried.`,
			{
				remedy: 'Choose another --provider (docs/providers.md).',
			},
		);
	}

	const packages = await readPackages(loaded);
	const {points, same} = await readAxis(flags.axis, {...flags, loaded, packages});
	const cellOf = cellReader(flags.axis, chosen, packages);
	const ends = [await cellOf(points[0]!), await cellOf(points.at(-1)!)] as const;
	await prepareHost(flags, chosen.needs);

	// 2. What is known already.
	const question = {
		...{scenario: scenarioId(scenario), axis: flags.axis, good: points[0]!.id, bad: points.at(-1)!.id},
		...{cells: [ends[0].id, ends[1].id] as [string, string], rates},
	};
	const journal = openJournal(question, {fresh: flags.fresh});
	print(`bisects “${scenario.title}” over ${points.length} versions: ${points.map(({label}) => label).join(', ')}`);
	if (same.length === 1) {
		print(`note: ${same[0]!.id} is built of the same source as ${same[0]!.as}, and is not run`);
	} else if (same.length > 1) {
		print(`note: ${same.length} more packages are built of the same sources as these, and are not run`);
	}

	if (journal.known.size > 0) {
		print(
			`continues a search that was interrupted: ${[...journal.known.keys()].join(', ')} are known (--fresh begins anew)`,
		);
	}

	// 3. The search.
	const prover = createProver(points, {
		...{scenario, file: path.resolve(workspace, scenario.file), cellOf, packages, command},
		...(await toolsOf(loaded.settings.packages)),
	});
	const labelOf = (id: string) => points.find(each => each.id === id)!.label;
	const outcome = await bisect(points, {
		...{prover, journal, rates},
		progress: {
			begins: ({id}) => print(`measures ${labelOf(id)} (${id})`),
			measured: ({id}, {answer, tally}, known) =>
				print(
					`${labelOf(id)} is ${answer}: ${tally.failed} of ${tally.failed + tally.passed} tries failed${tally.undecided > 0 ? `, ${tally.undecided} decided nothing` : ''}${known ? ' (known)' : ''}`,
				),
		},
	});

	// 4. What lies between.
	const changes = outcome.end === 'found' ? await changesBetween(points, outcome, packages) : undefined;
	return {
		...{
			scenario,
			axis: flags.axis,
			versions: points,
			same,
			end: outcome.end,
			measurements: [...outcome.measurements.values()],
			rates,
			command,
		},
		cell: ends[0],
		...(outcome.end === 'found' && {found: {good: outcome.good, bad: outcome.bad, unknown: outcome.unknown}}),
		...(outcome.end === 'refused' && {why: outcome.why}),
		...(changes && {changes}),
	};
}

async function changesBetween(
	points: readonly Version[],
	{good, bad}: {good: string; bad: string},
	packages: Packages,
): Promise<ChangelogEntry[] | undefined> {
	const refs = [good, bad].flatMap(id => points.find(each => each.id === id)?.package ?? []);
	const [older, newer] = refs.toSorted((a, b) => compareVersions(a.version, b.version));
	const entries = older && newer ? await readChangelog(packages, newer) : undefined;
	return entries && entriesBetween(entries, older!.version, newer!.version);
}
