/** Calls the vagrant command: a thin layer with a limit for each call and remedies for known failures. */
import fs from 'node:fs';
import path from 'node:path';
import {execa, type ResultPromise} from 'execa';
import {CommandError, HostError} from '../harness/errors.ts';
import {limits} from '../harness/limits.ts';
import {packageRoot} from '../harness/package.ts';
import {vagrantHome} from '../harness/paths.ts';
import {meaningOf} from './failures.ts';
import {addressesIn, failureIn, type Line, parseLine, type SshAddress, saying} from './output.ts';

/** The providers of Vagrant's machines, and whether several machines may be brought up at once. */
const vagrantProviders = {
	libvirt: {parallel: true},
	virtualbox: {parallel: false},
	vmware_desktop: {parallel: false},
	parallels: {parallel: true},
} as const;

export type VagrantProvider = keyof typeof vagrantProviders;

export interface VagrantOptions {
	/** Folder for Vagrant's own notes about these machines. No other machines may use it. */
	folder: string;
	/** File that describes the machines; see the Vagrantfile. */
	lab?: string;
	/**
	 * Vagrant keeps one index of all machines of a user. Two Vagrant processes that write it at once end each other. With this
	 * option the index is in `folder`; boxes and plugins are the user's.
	 */
	ownIndex?: boolean;
	provider: VagrantProvider;
	/** File to which all output of Vagrant is appended. */
	log?: string;
	/** Reports what a machine is doing, for the people who wait. */
	onProgress?: (machine: string, doing: string) => void;
	signal?: AbortSignal;
}

/** Returns whether a box is on this host. Does not call Vagrant, whose start alone takes seconds. */
export function hasBox(name: string, provider: VagrantProvider): boolean {
	const folder = path.join(vagrantHome, 'boxes', name.replaceAll('/', '-VAGRANTSLASH-'));
	return (
		fs.existsSync(folder) &&
		fs.globSync(`*/{${provider},*/${provider},${provider}/*}/metadata.json`, {cwd: folder}).length > 0
	);
}

/** Makes a home for Vagrant with links to everything of the user but the index of machines. */
function homeWithin(folder: string): string {
	const home = path.join(folder, 'home');
	fs.mkdirSync(home, {recursive: true});
	for (const name of fs.readdirSync(vagrantHome).filter(each => !['data', 'tmp'].includes(each))) {
		if (!fs.existsSync(path.join(home, name))) {
			fs.symlinkSync(path.join(vagrantHome, name), path.join(home, name));
		}
	}

	return home;
}

export class Vagrant {
	readonly #options: VagrantOptions;

	constructor(options: VagrantOptions) {
		this.#options = options;
	}

	/** Brings up every machine and provisions it. @returns where the sshd of each machine answers */
	async up(): Promise<Record<string, SshAddress>> {
		const {provider} = this.#options;
		const parallel = vagrantProviders[provider].parallel ? '--parallel' : '--no-parallel';
		const lines = await this.run(['up', `--provider=${provider}`, parallel, '--no-destroy-on-error'], limits.vagrantUp);
		return addressesIn(lines);
	}

	/** Adds a box from a file, or from the server of boxes. Replaces an older box of that name. */
	async addBox(name: string, file?: string): Promise<void> {
		const source = file ? [file, '--name', name, '--force'] : [name];
		await this.run(['box', 'add', ...source, `--provider=${this.#options.provider}`], limits.vagrantUp);
	}

	/** Calls Vagrant. Throws HostError or CommandError that explain its failure. `limit` is in seconds. */
	async run(words: string[], limit: number = limits.vagrantCall): Promise<Line[]> {
		const {folder, lab, ownIndex, provider, signal} = this.#options;
		fs.mkdirSync(folder, {recursive: true});
		const child = execa('vagrant', [...words, '--machine-readable'], {
			cwd: packageRoot,
			env: {
				VAGRANT_CWD: packageRoot,
				VAGRANT_DOTFILE_PATH: folder,
				VAGRANT_DEFAULT_PROVIDER: provider,
				VAGRANT_CHECKPOINT_DISABLE: '1',
				VAGRANT_BOX_UPDATE_CHECK_DISABLE: '1',
				...(lab && {SWARMLAB_LAB: lab}),
				// Always set: an empty variable would mean the current folder to Vagrant.
				VAGRANT_HOME: ownIndex ? homeWithin(folder) : vagrantHome,
			},
			reject: false,
			stdin: 'ignore',
			all: true,
			timeout: limit * 1000,
			// After SIGINT, Vagrant waits for the work that it has begun. What it leaves behind is found by name.
			killSignal: 'SIGINT',
			forceKillAfterDelay: limits.vagrantEnd * 1000,
			cancelSignal: signal,
		});
		const lines = await collect(child, this.#options);
		const {failed, code, timedOut, exitCode, all} = await child;
		if (!failed) {
			return lines;
		}

		if (code === 'ENOENT') {
			throw new HostError('vagrant is not installed', {remedy: 'swarmlab doctor --provider vagrant --fix'});
		}

		signal?.throwIfAborted();
		const how = timedOut ? `was not done after ${limit} s` : `ended with ${exitCode ?? 'a signal'}`;
		throw failureOf(`vagrant ${words[0]} ${how}`, lines, {exitCode, output: String(all ?? '')});
	}
}

/** Returns the lines when Vagrant ends, and reports progress while it runs. */
async function collect(child: ResultPromise, {log, onProgress}: VagrantOptions): Promise<Line[]> {
	const lines: Line[] = [];
	for await (const text of child.iterable({from: 'all'})) {
		if (log) {
			fs.appendFileSync(log, `${text}\n`);
		}

		const line = parseLine(String(text));
		if (line) {
			lines.push(line);
			const said = saying(line);
			// Vagrant prints every setting of a machine, one line each. That is no progress.
			if (said?.machine && said.text && !said.text.startsWith('--')) {
				onProgress?.(said.machine, said.text.split('\n')[0]!);
			}
		}
	}

	return lines;
}

/** Explains known failures. For all others it keeps Vagrant's own words. */
function failureOf(
	what: string,
	lines: readonly Line[],
	result: {exitCode: number | undefined; output: string},
): CommandError | HostError {
	const failure = failureIn(lines);
	// If a machine fails while others come up, its errors are only in the text for people.
	const said = lines
		.flatMap(line => saying(line) ?? [])
		.map(({machine, text}) => (machine ? `${machine}: ${text}` : text));
	const words = failure ? `${failure.type}: ${failure.text}` : said.slice(-15).join('\n') || result.output;
	const meaning = meaningOf(words) ?? meaningOf(said.join('\n'));
	const message = meaning ? `${meaning.message} (${what})` : what;
	const details = `${message}\n${words.trim()}`;
	return meaning?.host
		? new HostError(details, {remedy: meaning.remedy})
		: new CommandError(details, {exitCode: result.exitCode, output: result.output}, {remedy: meaning?.remedy});
}
