/**
 * apt as a library, in a private root: own sources, lists and cache, the host's proxies and credentials, and nothing
 * that could touch the host's packages. It knows mirrors, signatures and retries better than we ever would.
 */
import {createHash} from 'node:crypto';
import {access, mkdir, readFile, rm, utimes} from 'node:fs/promises';
import path from 'node:path';
import {ArtifactError, HostError} from '../../errors.ts';
import {limits} from '../../limits.ts';
import * as paths from '../../paths.ts';
import {isDiskFull} from '../../store/disk-full.ts';
import {writeAtomically} from '../../write-atomically.ts';
import {runTool} from './host-tool.ts';
import {mirrorFor, type SilentMirror} from './mirrors.ts';
import type {PackageSettings} from './settings.ts';

/** A private apt root on disk. */
export interface AptRoot {
	settings: PackageSettings;
	folder: string;
	/** Value of APT_CONFIG for any tool of apt that is to work in this root. */
	config: string;
}

/** A list of packages that apt has fetched and whose signature it has verified. */
export interface PackageList {
	/** As the settings name it. */
	suite: string;
	/** Name of the extra repository, where it is not the distribution's. */
	repository?: string;
	/** Base of the files named in the list, with a slash at its end. */
	uri: string;
	file: string;
}

const helper = '/usr/lib/apt/apt-helper';
/** Where the sources of mirrors that answer are written for an update. */
const answering = 'etc/answering.list.d';

/** Writes the private root for these settings; other settings have another root. */
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
	// Its time tells when these lists were last used.
	await utimes(config, new Date(), new Date());
	return {settings, folder, config};
}

/** The deb822 text of all sources of the settings: suites of the security archive apart, as they have their own mirror. */
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
				// A flat repository's suite ends in a slash and has no components.
				...(stanza.components.length > 0 ? [`Components: ${stanza.components.join(' ')}`] : []),
				'Architectures: amd64',
				`Signed-By: ${stanza.key}`,
			].join('\n'),
		)
		.join('\n\n');
}

/**
 * Fetches the lists of all suites, but for those of mirrors that do not answer. A suite that fails leaves the others alone.
 * Each file is asked for once: what did not come is used as it was before, and asked for again soon.
 * @returns what apt had to say about those that failed: lines beginning with E: or W:
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
			// The lists of a mirror that does not answer today stay.
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

/** The lists that are on disk, verified, from the last time each could be fetched. */
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
 * Fetches one file by apt's own downloader (proxies, retries, http, https, file) and verifies it.
 * @param sha256 hex; a file that has another is not kept
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
		// The mirror has moved on since the lists were fetched.
		await rm(indexFile(root), {force: true});
	}

	throw new ArtifactError(`${uri} could not be downloaded: ${said.trim() || stderr.trim()}`, {
		remedy: isOther
			? 'What is served there now is not what was asked for. Run again, as the lists of packages are fetched anew then; a checksum of your own may need correction.'
			: 'Look whether the mirror or the URL can be reached from this host.',
	});
}

/** File with the small index made of the lists; removing it makes the next use fetch the lists anew. */
export function indexFile(root: AptRoot): string {
	return path.join(root.folder, 'index.json');
}

function run(command: string, args: string[], root: AptRoot) {
	return runTool(command, args, {env: {APT_CONFIG: root.config, LC_ALL: 'C'}});
}

/** Never leaves half a file to be read: with half a configuration another process's apt would work on the host itself. */
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
		// The host's credentials for its mirror serve here too.
		'Dir::Etc::netrc "/etc/apt/auth.conf";',
		'Dir::Etc::netrcparts "/etc/apt/auth.conf.d";',
		'Dir::Etc::trusted "/dev/null";',
		'Dir::Etc::trustedparts "/dev/null";',
		'APT::Architecture "amd64";',
		'APT::Architectures {"amd64";};',
		// Nobody but us can read the cache of a user: _apt could not write there.
		'APT::Sandbox::User "";',
		'Acquire::Languages "none";',
		'Acquire::PDiffs "false";',
		'Acquire::Retries "3";',
		// The connect, and any silence after it. A host that sets its own has the last word: see hostConfiguration.
		...['http', 'https', 'ftp'].map(method => `Acquire::${method}::Timeout "${limits.mirrorSilence}";`),
		...['deb::DEP-11', 'deb::CNF', 'deb::Contents-deb'].map(
			target => `Acquire::IndexTargets::${target}::DefaultEnabled "false";`,
		),
		...(settings.allowExpired ? ['Acquire::Check-Valid-Until "false";'] : []),
	];
}

/** Proxies, certificates and timeouts of the host's apt; no hooks, no preferences. */
async function hostConfiguration(): Promise<string[]> {
	const {stdout} = await runTool('apt-config', ['dump']);
	return (stdout ?? '').split('\n').filter(line => /^Acquire::(https?|ftp)::.+ ".+";$/i.test(line));
}

function withSlash(uri: string): string {
	return uri.endsWith('/') ? uri : `${uri}/`;
}
