/** The door: is this host fit, and can it be made so? */
import {withSbin} from '../environment.ts';
import {HostError} from '../errors.ts';
import type {Check} from './check.ts';
import {checksOf} from './checks.ts';
import {readFacts} from './facts.ts';
import {type AptPrivilege, aptPrivilege, installCommand, installPackages} from './install.ts';
import type {HostNeeds} from './needs.ts';

export {acceleratorCheck} from './accelerator-check.ts';
export type {Check} from './check.ts';
export {osRelease} from './facts.ts';
export {readKvm} from './kvm.ts';
export type {HostNeeds} from './needs.ts';

/** Looks at this host and changes nothing. */
export async function checkHost(needs: readonly HostNeeds[]): Promise<Check[]> {
	const facts = await readFacts();
	const looked = await Promise.all(needs.map(async each => (await each.look?.(facts.find)) ?? []));
	return checksOf(
		facts,
		needs.flatMap(({tools}) => tools),
		looked.flat(),
	);
}

/**
 * Makes this host fit for a run: installs what it lacks where this user may. Instant when nothing lacks.
 * From then on programs in the sbin folders are found by all of this process.
 * @param print is told what is done and what is awaited.
 * @param consent is asked before anything is installed.
 * @throws HostError with what lacks and what to do.
 */
export async function ensureHost(
	print: (line: string) => void,
	needs: readonly HostNeeds[],
	consent: (packages: readonly string[]) => Promise<boolean> = async () => true,
): Promise<Check[]> {
	process.env.PATH = withSbin();
	const before = await checkHost(needs);
	const missing = before.filter(({state}) => state === 'missing');
	// What no package brings is said before anything is installed, and all else with it: it would be the next thing to be told.
	if (missing.some(check => !check.package)) {
		refuse(missing, needs);
	}

	const packages = missingPackages(before);
	if (packages.length === 0) {
		return before;
	}

	if (!(await consent(packages))) {
		throw lacksPackages(packages, 'nothing was to be installed');
	}

	await installPackages(packages, print);
	const after = await checkHost(needs);
	refuse(
		after.filter(check => check.state === 'missing'),
		needs,
	);
	return after;
}

/** What a plan is made with: without it nobody can tell whether what was typed means anything. */
const forPlan = ['apt-get', 'dpkg-deb'];

/**
 * Looks whether a plan can be made here and carried out at all. Changes nothing.
 * @throws HostError for a system that nothing can be installed on, or one without the programs that a plan is made with.
 */
export async function requireForPlan(needs: readonly HostNeeds[]): Promise<void> {
	const checks = await checkHost(needs);
	refuse(
		checks.filter(check => check.state === 'missing' && !check.package),
		needs,
	);
	if (checks.some(({name, state}) => state === 'missing' && forPlan.includes(name))) {
		throw lacksPackages(missingPackages(checks), 'without apt none can be installed');
	}
}

function lacksPackages(packages: readonly string[], why: string): HostError {
	return new HostError(`This host lacks ${packages.join(', ')}, and ${why}.`, {remedy: installCommand(packages)});
}

/** Packages that bring what is missing, each once. */
export function missingPackages(checks: readonly Check[]): string[] {
	const names = checks.flatMap(check => (check.state === 'missing' && check.package ? [check.package] : []));
	return [...new Set(names)];
}

/** The command that installs what is missing, as this user can: by doctor, or by the one command that doctor would print. */
export async function howToInstall(missing: readonly Check[], needs: readonly HostNeeds[]): Promise<string> {
	return installRemedy(missing, needs, await aptPrivilege());
}

/** The same where it is known what this user may do. Pure. */
export function installRemedy(missing: readonly Check[], needs: readonly HostNeeds[], power: AptPrivilege): string {
	return power === 'none' ? installCommand(missingPackages(missing)) : doctorFix(needs);
}

/** With the provider: without it doctor would look at less, and find that nothing is missing. */
function doctorFix(needs: readonly HostNeeds[]): string {
	const names = needs.flatMap(({provider}) => provider ?? []);
	return `swarmlab doctor${names.length > 0 ? ` --provider ${names.join(',')}` : ''} --fix`;
}

function refuse(missing: readonly Check[], needs: readonly HostNeeds[]): void {
	if (missing.length === 0) {
		return;
	}

	const lines = missing.map(({name, seen, needed}) => `  ${name}: ${seen} (needed: ${needed})`);
	const packages = missingPackages(missing);
	const install = packages.length > 0 ? [installCommand(packages)] : [];
	const remedies = [...new Set([...install, ...missing.flatMap(({remedy}) => remedy ?? [])])];
	throw new HostError(['This host cannot run it:', ...lines].join('\n'), {
		remedy: remedies.join('\n    ') || doctorFix(needs),
	});
}
