/**
 * apt as a library, in a private root: its own sources, lists and cache, with the host's proxies and credentials. It cannot
 * change the host's packages. We use apt because it handles mirrors, signatures and retries well.
 */
import {createHash} from 'node:crypto';
import {access, mkdir, readFile, rm, utimes} from 'node:fs/promises';
import path from 'node:path';
import {ArtifactError, HostError} from '../../errors.ts';
import {limits} from '../../limits.ts';
import * as paths from '../../paths.ts';
import {isDiskFull} from '../../store/disk-full.ts';
import {writeAtomically} from '../../write-atomically.ts';
import {hostAptConfig} from './host-apt.ts';
import {runTool} from './host-tool.ts';
import {mirrorFor, type SilentMirror} from './mirrors.ts';
import type {PackageSettings} from './settings.ts';

/** A private apt root on disk. */
export interface AptRoot {
	settings: PackageSettings;
	folder: string;
	/** Value of APT_CONFIG with which a tool of apt works in this root. */
	config: string;
}

/** A list of packages that apt has fetched and verified by its signature. */
export interface PackageList {
	/** Name of the suite in the settings. */
	suite: string;
	/** Name of the extra repository; undefined for the distribution's own. */
	repository?: string;
	/** Base URI of the files in the list, with a slash at its end. */
	uri: string;
	file: string;
}

const helper = '/usr/lib/apt/apt-helper';
/** Folder for the sources of an update: those of the mirrors that answer. */
const answering = 'etc/answering.list.d';

/** Writes the private root of these settings. Each combination of settings has a root of its own. */
export async function prepareAptRoot(settings: PackageSettings): Promise<AptRoot> {
	await access(settings.keyring).catch(cause => {
		throw new HostError(
			`The keyring ${settings.keyring} that verifies ${settings.distribution}'s packages is missing.`,
			{
				cause,
				remedy: `apt-get install ${settings.distribution === 'ubuntu' ? 'ubuntu-keyring' : 'debian-archive-keyring'}`,
			},
		);
	});
	const text = sourcesText(settings);
	const configuration = [...baseConfiguration(settings), ...(await hostConfiguration())];
	const hash = createHash('sha256').update(text).update(configuration.join('\n')).digest('hex').slice(0, 12);
	const folder = path.join(paths.cache, 'apt', hash);
	for (const part of [
		'etc/apt.conf.d',
		'etc/sources.list.d',
		answering,
		'etc/preferences.d',
		'state/lists/partial',
		'cache/archives/partial',
	]) {
		await mkdir(path.join(folder, part), {recursive: true});
	}

	const config = path.join(folder, 'apt.conf');
	await writeOnce(path.join(folder, 'etc/sources.list.d/swarmlab.sources'), text);
	await writeOnce(path.join(folder, 'state/status'), '');
	await writeOnce(config, `Dir "${folder}";\n${configuration.join('\n')}\n`);
	// The time of this file shows when these lists were last used.
	await utimes(config, new Date(), new Date());
	return {settings, folder, config};
}

/** Returns all sources as deb822 text. Security suites have a stanza of their own, because they have their own mirror. */
export function sourcesText(settings: PackageSettings, suites = settings.suites): string {
	const isSecurity = (suite: string) => suite.endsWith('-security');
	const own = [suites.filter(suite => !isSecurity(suite)), suites.filter(isSecurity)]
		.filter(each => each.length > 0)
		.map(each => ({uri: mirrorFor(settings, each[0]!), suites: each}));
	const stanzas = [
		...own.map(source => ({...source, components: settings.components, key: settings.keyring})),
		...settings.repositories.map(repository => ({...repository, suites: [repository.suite]})),
	];
	return stanzas
		.map(stanza =>
			[
				'Types: deb',
				`URIs: ${stanza.uri}`,
				`Suites: ${stanza.suites.join(' ')}`,
				// The suite of a flat repository ends in a slash and has no components.
				...(stanza.components.length > 0 ? [`Components: ${stanza.components.join(' ')}`] : []),
				'Architectures: amd64',
				`Signed-By: ${stanza.key}`,
			].join('\n'),
		)
		.join('\n\n');
}

/**
 * Fetches the lists of all suites, except those of mirrors that do not answer. If one suite fails, the others are fetched.
 * Each file is requested once, without retries. If that fails, the old list stays in use and is requested again soon.
 * @returns apt's lines about suites that failed; each begins with E: or W:
 */
export async function updateLists(root: AptRoot, silent: readonly SilentMirror[] = []): Promise<string[]> {
	const {settings} = root;
	const isSilent = (uri: string) => silent.some(each => each.uri === uri);
	const suites = settings.suites.filter(suite => !isSilent(mirrorFor(settings, suite)));
	const repositories = settings.repositories.filter(({uri}) => !isSilent(uri));
	if (suites.length + repositories.length === 0) {
		return [];
	}

	await writeOnce(
		path.join(root.folder, answering, 'swarmlab.sources'),
		sourcesText({...settings, repositories}, suites),
	);
	const {stderr, failed, exitCode} = await run(
		'apt-get',
		[
			...['update', '-q', '-o', 'Acquire::Retries=0', '-o', `Dir::Etc::sourceparts=${path.basename(answering)}`],
			// Keep the lists of mirrors that do not answer today.
			...(silent.length > 0 ? ['-o', 'APT::Get::List-Cleanup=false'] : []),
		],
		root,
	);
	if (isDiskFull({stderr})) {
		throw new ArtifactError('The lists of packages could not be written.', {cause: {stderr}});
	}

	const complaints = stderr.split('\n').filter(line => /^[EW]:/.test(line));
	if (failed && complaints.length === 0) {
		throw new HostError(`apt-get update ended with ${exitCode ?? 'an error'}: ${stderr.trim() || 'it said nothing'}`, {
			remedy: 'swarmlab doctor',
		});
	}

	return complaints;
}

/** Returns the verified lists on disk, each as of its last successful fetch. */
export async function packageLists(root: AptRoot): Promise<PackageList[]> {
	const {stdout} = await run(
		'apt-get',
		['indextargets', '--format', '$(RELEASE)\t$(REPO_URI)\t$(FILENAME)', 'Created-By: Packages'],
		root,
	);
	return stdout
		.split('\n')
		.filter(Boolean)
		.map(line => {
			const [suite, uri, file] = line.split('\t') as [string, string, string];
			const repository = root.settings.repositories.find(each => each.suite === suite && withSlash(each.uri) === uri);
			return {suite, uri, file, ...(repository ? {repository: repository.name} : {})};
		});
}

/**
 * Fetches one file with apt's own downloader (proxies, retries, http, https, file) and verifies it.
 * @param sha256 hex; a file with another checksum is deleted
 */
export async function download(root: AptRoot, uri: string, sha256: string, target: string): Promise<void> {
	const {failed, stderr, stdout} = await run(helper, ['-q', 'download-file', uri, target, `SHA256:${sha256}`], root);
	if (!failed) {
		return;
	}

	await rm(target, {force: true});
	const lines = `${stdout}\n${stderr}`.split('\n');
	const said = lines.filter(line => /^(E:|W:|Err|\s+Hash|\s+- SHA256)|No space left/.test(line)).join(' ');
	const isOther = /hash sum mismatch|404/i.test(said);
	if (isOther) {
		// The mirror has changed since the lists were fetched.
		await rm(indexFile(root), {force: true});
	}

	throw new ArtifactError(`${uri} could not be downloaded: ${said.trim() || stderr.trim()}`, {
		remedy: isOther
			? 'What is served there now is not what was asked for. Run again, as the lists of packages are fetched anew then; a checksum of your own may need correction.'
			: 'Look whether the mirror or the URL can be reached from this host.',
	});
}

/** Returns the path of the small index that is made from the lists. Without this file the next use fetches the lists again. */
export function indexFile(root: AptRoot): string {
	return path.join(root.folder, 'index.json');
}

function run(command: string, args: string[], root: AptRoot) {
	return runTool(command, args, {env: {APT_CONFIG: root.config, LC_ALL: 'C'}});
}

/**
 * Writes a file only if its text changes, and atomically: with half a configuration the apt of another process would work
 * on the host itself.
 */
async function writeOnce(file: string, text: string): Promise<void> {
	if ((await readFile(file, 'utf8').catch(() => undefined)) === text) {
		return;
	}

	writeAtomically(file, text);
}

function baseConfiguration(settings: PackageSettings): string[] {
	return [
		'Dir::Etc "etc";',
		'Dir::State "state";',
		'Dir::State::status "state/status";',
		'Dir::Cache "cache";',
		// Use the host's credentials for its mirror.
		'Dir::Etc::netrc "/etc/apt/auth.conf";',
		'Dir::Etc::netrcparts "/etc/apt/auth.conf.d";',
		'Dir::Etc::trusted "/dev/null";',
		'Dir::Etc::trustedparts "/dev/null";',
		'APT::Architecture "amd64";',
		'APT::Architectures {"amd64";};',
		// No sandbox user: only this user can access the cache, so the user _apt could not write there.
		'APT::Sandbox::User "";',
		'Acquire::Languages "none";',
		'Acquire::PDiffs "false";',
		'Acquire::Retries "3";',
		// Limits the connect, and any silence after it. A timeout of the host's apt overrides it: see hostConfiguration.
		...['http', 'https', 'ftp'].map(method => `Acquire::${method}::Timeout "${limits.mirrorSilence}";`),
		...['deb::DEP-11', 'deb::CNF', 'deb::Contents-deb'].map(
			target => `Acquire::IndexTargets::${target}::DefaultEnabled "false";`,
		),
		...(settings.allowExpired ? ['Acquire::Check-Valid-Until "false";'] : []),
	];
}

/** Returns the proxies, certificates and timeouts of the host's apt, without hooks and preferences. */
async function hostConfiguration(): Promise<string[]> {
	return (await hostAptConfig()).filter(line => /^Acquire::(https?|ftp)::.+ ".+";$/i.test(line));
}

function withSlash(uri: string): string {
	return uri.endsWith('/') ? uri : `${uri}/`;
}
