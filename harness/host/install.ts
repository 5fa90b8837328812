/** Installs packages on this host by its own apt. */
import {execa} from 'execa';
import pRetry, {AbortError} from 'p-retry';
import {CommandError, HostError} from '../errors.ts';

/** Seconds that another process may hold apt's locks. */
const lockLimitSeconds = 600;

/** How apt may be called: as root, by sudo without a password, or not at all. */
export type AptPrivilege = 'root' | 'sudo' | 'none';

/** What this user may do here, found out by trying. */
export async function aptPrivilege(): Promise<AptPrivilege> {
	if (process.getuid?.() === 0) {
		return 'root';
	}

	const {failed} = await execa('sudo', ['-n', 'true'], {reject: false, timeout: 5000, stdin: 'ignore'});
	return failed ? 'none' : 'sudo';
}

/** The command line that installs packages, as a person would type it. Pure. */
export function installCommand(packages: readonly string[]): string {
	return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** The words of one call of apt-get. Pure. */
export function aptArguments(power: 'root' | 'sudo', words: readonly string[]): [string, ...string[]] {
	const quiet = ['DEBIAN_FRONTEND=noninteractive', 'NEEDRESTART_MODE=l'];
	const apt = ['env', ...quiet, 'apt-get', '-q', '-o', `DPkg::Lock::Timeout=${lockLimitSeconds}`, ...words];
	return (power === 'sudo' ? ['sudo', '-n', ...apt] : apt) as [string, ...string[]];
}

/**
 * Installs packages, and says what it does. Lists are fetched first only where they lack a package or are out of date.
 * @throws HostError with the command to copy, when this user may not install or apt fails.
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

		// A foreign repository that fails makes apt fail as a whole, though the others may have what is needed.
		await aptGet(power, ['update'], print).catch((error: Error) => print(error.message));
		await aptGet(power, install, print);
	} catch (cause) {
		throw new HostError(`apt could not install ${packages.join(', ')}.`, {remedy: installCommand(packages), cause});
	}
}

/** Whether the lists that apt has know each of them. */
async function inLists(packages: readonly string[]): Promise<boolean> {
	const {stdout} = await execa('apt-cache', ['policy', ...packages], {reject: false, env: {LC_ALL: 'C'}});
	const candidates = [...String(stdout).matchAll(/^ {2}Candidate: (.+)$/gm)].map(([, version]) => version);
	return candidates.length === packages.length && !candidates.includes('(none)');
}

/** apt waits for the lock of dpkg by itself, but not for the one of its lists: that is tried again here. */
async function aptGet(power: 'root' | 'sudo', words: readonly string[], print: (line: string) => void): Promise<void> {
	const start = performance.now();
	// apt says it every second.
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

/** Whether apt says that somebody else holds one of its locks. */
export function isAboutLock(text: string): boolean {
	return /Waiting for cache lock|Could not get lock|Unable to lock/i.test(text);
}

function lastLines(text: string): string {
	return text.split('\n').slice(-8).join('\n');
}
