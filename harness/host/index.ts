/** Public functions of this room: checks this host, and installs what is missing. */
import {withSbin} from '../environment.ts';
import {HostError} from '../errors.ts';
import type {Check} from './check.ts';
import {checksOf} from './checks.ts';
import {readFacts} from './facts.ts';
import {type AptPrivilege, aptPrivilege, installCommand, installPackages} from './install.ts';
import type {HostNeeds} from './needs.ts';

export {acceleratorCheck} from './accelerator-check.ts';
export type {Check} from './check.ts';
export {readKvm} from './kvm.ts';
export type {HostNeeds} from './needs.ts';

/** Returns the checks of this host. Changes nothing. */
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
 * Prepares this host for a run: installs missing packages if this user may. Quick if none is missing.
 * Also adds the sbin folders to PATH of this process.
 * @param print receives a line for each step and each wait
 * @param consent is called before anything is installed
 * @throws HostError with what is missing and what to do
 */
export async function ensureHost(
	print: (line: string) => void,
	needs: readonly HostNeeds[],
	consent: (packages: readonly string[]) => Promise<boolean> = async () => true,
): Promise<Check[]> {
	process.env.PATH = withSbin();
	const before = await checkHost(needs);
	const missing = before.filter(({state}) => state === 'missing');
	// If no package contains one of them, refuse before anything is installed, and report all that is missing at once.
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

/** Programs that a plan needs: without them the specs of kernels and engines cannot be resolved. */
const forPlan = ['apt-get', 'dpkg-deb'];

/**
 * Checks whether this host can make a plan, and could run it. Changes nothing.
 * @throws HostError if something is missing that no package contains, or a program that a plan needs
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

/** Returns the packages that contain what is missing, without duplicates. */
export function missingPackages(checks: readonly Check[]): string[] {
	const names = checks.flatMap(check => (check.state === 'missing' && check.package ? [check.package] : []));
	return [...new Set(names)];
}

/** Returns a command that installs what is missing: `swarmlab doctor --fix` if this user may install, else one with sudo. */
export async function howToInstall(missing: readonly Check[], needs: readonly HostNeeds[]): Promise<string> {
	return installRemedy(missing, needs, await aptPrivilege());
}

/** Returns the same command for a known privilege. Pure. */
export function installRemedy(missing: readonly Check[], needs: readonly HostNeeds[], power: AptPrivilege): string {
	return power === 'none' ? installCommand(missingPackages(missing)) : doctorFix(needs);
}

/** Returns the call of doctor with the providers. Without them doctor would check less, and find that nothing is missing. */
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
