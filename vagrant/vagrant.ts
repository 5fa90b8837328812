/** The vagrant command as this project calls it: thin, each call with a limit, known failures with their remedy. */
import fs from 'node:fs';
import path from 'node:path';
import {execa, type ResultPromise} from 'execa';
import {CommandError, HostError} from '../harness/errors.ts';
import {limits} from '../harness/limits.ts';
import {packageRoot} from '../harness/package.ts';
import {vagrantHome} from '../harness/paths.ts';
import {meaningOf} from './failures.ts';
import {addressesIn, failureIn, type Line, parseLine, type SshAddress, saying} from './output.ts';

/** Where machines of Vagrant come from, and whether several may be brought up at once there. */
const vagrantProviders = {
	libvirt: {parallel: true},
	virtualbox: {parallel: false},
	vmware_desktop: {parallel: false},
	parallels: {parallel: true},
} as const;

export type VagrantProvider = keyof typeof vagrantProviders;

export interface VagrantOptions {
	/** Vagrant's own notes about these machines lie here: no other machines have the same folder. */
	folder: string;
	/** File that says what the machines are; see the Vagrantfile. */
	lab?: string;
	/**
	 * Vagrant writes down all machines of a user in one place, and two of it that do so at once end each other. With this
	 * set, what is written down lies in `folder`; boxes and plugins are the user's.
	 */
	ownIndex?: boolean;
	provider: VagrantProvider;
	/** File that everything is appended to that Vagrant says. */
	log?: string;
	/** What a machine is doing, for the people who wait. */
	onProgress?: (machine: string, doing: string) => void;
	signal?: AbortSignal;
}

/** Whether a box is here, without asking Vagrant: its start alone takes seconds. */
export function hasBox(name: string, provider: VagrantProvider): boolean {
	const folder = path.join(vagrantHome, 'boxes', name.replaceAll('/', '-VAGRANTSLASH-'));
	return (
		fs.existsSync(folder) &&
		fs.globSync(`*/{${provider},*/${provider},${provider}/*}/metadata.json`, {cwd: folder}).length > 0
	);
}

/** A home of Vagrant in which everything is the user's but the index of machines. */
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

	/** Brings every machine up and provisions it. @returns where each one's sshd answers */
	async up(): Promise<Record<string, SshAddress>> {
		const {provider} = this.#options;
		const parallel = vagrantProviders[provider].parallel ? '--parallel' : '--no-parallel';
		const lines = await this.run(['up', `--provider=${provider}`, parallel, '--no-destroy-on-error'], limits.vagrantUp);
		return addressesIn(lines);
	}

	/** Takes a box in from a file, or from the server of boxes. An older one of that name gives way. */
	async addBox(name: string, file?: string): Promise<void> {
		const source = file ? [file, '--name', name, '--force'] : [name];
		await this.run(['box', 'add', ...source, `--provider=${this.#options.provider}`], limits.vagrantUp);
	}

	/** Calls Vagrant. Throws HostError or CommandError with what its failure means. */
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
				// Always said: an empty variable would mean this folder to Vagrant.
				VAGRANT_HOME: ownIndex ? homeWithin(folder) : vagrantHome,
			},
			reject: false,
			stdin: 'ignore',
			all: true,
			timeout: limit * 1000,
			// Asked nicely, Vagrant waits for what it has begun; what it leaves is found by name.
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

/** The lines as they come, with progress told. */
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
			// Every setting of a machine is told, a line each: no news for those who wait.
			if (said?.machine && said.text && !said.text.startsWith('--')) {
				onProgress?.(said.machine, said.text.split('\n')[0]!);
			}
		}
	}

	return lines;
}

/** Known failures say what they mean; of all others Vagrant's own words are what we have. */
function failureOf(
	what: string,
	lines: readonly Line[],
	result: {exitCode: number | undefined; output: string},
): CommandError | HostError {
	const failure = failureIn(lines);
	// Errors of a machine that came up beside others are only in what it said.
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
