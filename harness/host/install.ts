/** Installs packages on this host by its own apt. */
import {execa} from 'execa';
import pRetry, {AbortError} from 'p-retry';
import {CommandError, HostError} from '../errors.ts';

/** Seconds that another process may hold apt's locks. */
const lockLimitSeconds = 600;

/** How apt may be called: as root, by sudo without a password, or not at all. */
export type AptPrivilege = 'root' | 'sudo' | 'none';

/** Returns how this user may call apt. Tries sudo to find out. */
export async function aptPrivilege(): Promise<AptPrivilege> {
	if (process.getuid?.() === 0) {
		return 'root';
	}

	const {failed} = await execa('sudo', ['-n', 'true'], {reject: false, timeout: 5000, stdin: 'ignore'});
	return failed ? 'none' : 'sudo';
}

/** Returns the command that installs packages, for a person to type. Pure. */
export function installCommand(packages: readonly string[]): string {
	return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** Returns the words of one call of apt-get. Pure. */
export function aptArguments(power: 'root' | 'sudo', words: readonly string[]): [string, ...string[]] {
	const quiet = ['DEBIAN_FRONTEND=noninteractive', 'NEEDRESTART_MODE=l'];
	const apt = ['env', ...quiet, 'apt-get', '-q', '-o', `DPkg::Lock::Timeout=${lockLimitSeconds}`, ...words];
	return (power === 'sudo' ? ['sudo', '-n', ...apt] : apt) as [string, ...string[]];
}

/**
 * Installs packages, and prints what it does. Fetches the lists first only if a package is not in them, or if they are out
 * of date.
 * @throws HostError with the command to copy, when this user may not install or apt fails
 */
export async function installPackages(packages: readonly string[], print: (line: string) => void): Promise<void> {
	const power = await aptPrivilege();
	if (power === 'none') {
		throw new HostError(`This host lacks ${packages.join(', ')}, and this user may not install packages.`, {
			remedy: installCommand(packages),
		});
	}

	try {
		print(`installing ${packages.join(', ')}`);
		const install = ['install', '-y', '--no-install-recommends', ...packages];
		if (await inLists(packages)) {
			try {
				return await aptGet(power, install, print);
			} catch {
				print('the package lists may be out of date: fetching them');
			}
		}

		// One failing third-party repository makes the whole update fail, though the other repositories may have the packages.
		await aptGet(power, ['update'], print).catch((error: Error) => print(error.message));
		await aptGet(power, install, print);
	} catch (cause) {
		throw new HostError(`apt could not install ${packages.join(', ')}.`, {remedy: installCommand(packages), cause});
	}
}

/** Whether apt's lists contain all of these packages. */
async function inLists(packages: readonly string[]): Promise<boolean> {
	const {stdout} = await execa('apt-cache', ['policy', ...packages], {reject: false, env: {LC_ALL: 'C'}});
	const candidates = [...String(stdout).matchAll(/^ {2}Candidate: (.+)$/gm)].map(([, version]) => version);
	return candidates.length === packages.length && !candidates.includes('(none)');
}

/** Calls apt-get. It waits for the lock of dpkg by itself, but not for the lock of its lists, so this function retries. */
async function aptGet(power: 'root' | 'sudo', words: readonly string[], print: (line: string) => void): Promise<void> {
	const start = performance.now();
	// apt repeats this line every second.
	const printed = new Set<string>();
	await pRetry(
		async () => {
			const [program, ...rest] = aptArguments(power, words);
			const child = execa(program, rest, {reject: false, all: true, stdin: 'ignore', env: {LC_ALL: 'C'}});
			for await (const line of child.iterable({from: 'all'})) {
				const awaited = line.replace(/[.\s]*$/, '');
				if (/Could not get lock/.test(awaited) && !printed.has(awaited)) {
					printed.add(awaited);
					print(`another process is using apt, waiting for it: ${awaited}`);
				}
			}

			const {failed, all, exitCode} = await child;
			if (failed) {
				const text = String(all).trim();
				const error = new CommandError(`apt-get ${words[0]} ended with ${exitCode}:\n${lastLines(text)}`, {
					exitCode,
					output: text,
				});
				const patient = (performance.now() - start) / 1000 < lockLimitSeconds;
				throw isAboutLock(text) && patient ? error : new AbortError(error);
			}
		},
		{retries: lockLimitSeconds / 3, factor: 1, minTimeout: 3000},
	);
}

/** Whether apt's output says that another process holds one of its locks. */
export function isAboutLock(text: string): boolean {
	return /Waiting for cache lock|Could not get lock|Unable to lock/i.test(text);
}

function lastLines(text: string): string {
	return text.split('\n').slice(-8).join('\n');
}
