/**
 * What a release of DevStack has: its exercises and the systems that its stack.sh accepts, as read in its tags
 * (openstack/devstack, `exercises/` and the `DISTRO` test of stack.sh at each `<name>-eol`). Rows, oldest first.
 */
import {UsageError} from '../errors.ts';
import {nearest} from '../nearest.ts';

export interface Revision {
	name: string;
	/** The tag or branch that is checked out if no commit is requested. */
	tag: string;
	/** The commit of a state that has no tag. */
	commit?: string;
	exercises: readonly string[];
	/** Code names of the Ubuntu releases that its stack.sh accepts; empty if we have not read them. */
	systems: readonly string[];
}

const diablo = ['euca', 'floating_ips', 'swift'];
const essex = [
	...['aggregates', 'boot_from_volume', 'bundle', 'client-args', 'client-env', 'euca', 'floating_ips', 'swift'],
	'volumes',
];
const folsom = [...essex, 'quantum-adv-test', 'sec_groups'];
const grizzly = [...folsom, 'horizon'];
const havana = [...without(grizzly, 'quantum-adv-test'), 'neutron-adv-test', 'docker', 'trove'];
const icehouse = [...without(havana, 'docker'), 'marconi', 'sahara'];
const juno = [...without(icehouse, 'marconi'), 'zaqar'];
const liberty = without(juno, 'trove', 'horizon', 'sahara', 'zaqar');
const mitaka = without(liberty, 'euca', 'bundle');

const rows: [name: string, exercises: readonly string[], systems: string, commit?: string][] = [
	['diablo', diablo, ''],
	['essex', essex, ''],
	['folsom', folsom, ''],
	['grizzly', grizzly, ''],
	['havana', havana, ''],
	['icehouse', icehouse, 'precise saucy trusty'],
	['juno', juno, 'precise trusty'],
	['liberty', liberty, 'precise trusty utopic vivid'],
	['mitaka', mitaka, 'trusty vivid wily'],
	// The state of the field notes, between mitaka and newton (2016-04-26).
	['96ffde28', mitaka, 'trusty wily xenial', '96ffde28b6e2f55f95997464aec47ae2c6cf91d3'],
	['newton', mitaka, 'trusty wily xenial'],
	['ocata', mitaka, 'trusty xenial yakkety'],
	['pike', mitaka, 'xenial yakkety zesty'],
	['queens', mitaka, 'xenial zesty artful'],
	['rocky', mitaka, 'xenial artful bionic'],
	// Exercises were removed on 2018-07-17 (e484f3b1): "they don't succeed anymore"; the gate had moved to Tempest.
	['stein', [], 'xenial artful bionic'],
	['train', [], 'xenial artful bionic'],
	['ussuri', [], 'bionic'],
	['victoria', [], 'bionic focal'],
	['wallaby', [], 'bionic focal'],
	['xena', [], 'focal'],
	['yoga', [], 'focal'],
	['zed', [], 'focal jammy'],
	['2023.1', [], 'focal jammy'],
	['2023.2', [], 'jammy'],
	['2024.1', [], 'jammy'],
	['2024.2', [], 'jammy noble'],
	['2025.1', [], 'jammy noble'],
	['2025.2', [], 'jammy noble'],
	['2026.1', [], 'noble'],
	['master', [], 'noble resolute'],
];

/** Releases before this row have an end-of-life tag. This one and later ones are branches. */
const ended = rows.findIndex(([name]) => name === '2025.1');

export const revisions: readonly Revision[] = rows.map(([name, exercises, systems, commit], index) => ({
	name,
	...(commit && {commit}),
	tag: name === 'master' ? name : index < ended ? `${name}-eol` : `stable/${name}`,
	// exercise.sh runs them in the order of `ls`.
	exercises: exercises.toSorted(),
	systems: systems.split(' ').filter(Boolean),
}));

/** Every exercise that any release ever had. */
export const allExercises: readonly string[] = [...new Set(revisions.flatMap(({exercises}) => exercises))].sort();

/** Returns a release by its name. Throws UsageError that names the nearest one. */
export function findRevision(name: string): Revision {
	const found = revisions.find(each => each.name === name.toLowerCase());
	if (!found) {
		const names = revisions.map(each => each.name);
		const [near] = nearest(name, names);
		throw new UsageError(`There is no DevStack release '${name}'.${near ? ` Did you mean ${near}?` : ''}`, {
			remedy: `Releases: ${names.join(', ')}. A commit goes behind it: devstack:mitaka@96ffde28.`,
		});
	}

	return found;
}

/** Throws UsageError if the release's stack.sh refuses the system of the machine. */
export function requireSystem({name, systems}: Revision, suite: string): void {
	if (systems.length > 0 && !systems.includes(suite)) {
		throw new UsageError(`DevStack ${name} does not know ${suite}: its stack.sh accepts ${systems.join(', ')}.`, {
			remedy: `Take a suite that it knows (--suites ${systems.at(-1)}, with a mirror that has it), or a release that knows ${suite}: ${revisionsOn(suite)}.`,
		});
	}
}

function revisionsOn(suite: string): string {
	const names = revisions.filter(({systems}) => systems.includes(suite)).map(({name}) => name);
	return names.join(', ') || 'there is none';
}

/** Throws UsageError for a release that has no exercises any more. */
export function requireExercises({name, exercises}: Revision): void {
	if (exercises.length === 0) {
		const last = revisions.findLast(each => each.exercises.length > 0)!;
		throw new UsageError(`DevStack ${name} has no exercises: they were removed after ${last.name}, in July 2018.`, {
			remedy: `Take ${last.name} or older; on ${name} the same is tested by Tempest: swarmlab run scenarios/devstack/tempest.ts --stack devstack:${name}`,
		});
	}
}

function without(names: readonly string[], ...gone: string[]): string[] {
	return names.filter(name => !gone.includes(name));
}
