/**
 * The specs by which a user names an engine:
 *
 * | spec | means |
 * |---|---|
 * | `20.10`, `26.1.5`, `28` | newest engine whose version begins with these components |
 * | `latest` | newest engine of all suites |
 * | `20.*` | newest of each series of 20: several engines, see expandEngine |
 * | `20.10@bullseye` | the same from one suite (its -security and -updates included) or from an extra repository |
 * | `bullseye` | newest engine of that suite or repository |
 * | `docker.io=20.10.24+dfsg1-1+deb12u1` | this package in this version (rebuilds `+b6` included); `@suite` may follow |
 * | `tarball:PATH` , `tarball:URL#sha256=HEX` | a static build; `&version=1.12.6` if the file's name has no version, `@suite` for the root filesystem |
 *
 * A tarball without a suite is installed into the release whose own engine is the oldest that is not older than the tarball.
 */
import {UsageError} from '../../errors.ts';
import type {Engine} from '../../model/index.ts';
import {localFile, parseLocation} from '../packages/location.ts';
import {nearestVersions} from '../packages/neighbours.ts';
import {
	expandSeries,
	isSurelyRange,
	nearWords,
	normaliseSpec,
	rangeRefused,
	suiteRefused,
} from '../packages/spec-words.ts';
import {distributions, releaseOf, suiteNames} from '../packages/suites.ts';
import {compareVersions, hasPrefix} from '../packages/versions.ts';
import {requireStaticBuild} from './tarball.ts';

/** Expands a spec with `20.*` to one spec for each series. Returns any other spec as it is. @param engines newest first */
export function expandEngine(spec: string, engines: readonly Engine[]): string[] {
	const text = normaliseSpec(spec);
	const {what, suite} = parse(text);
	const versions = engines.filter(engine => !suite || isFrom(engine, suite)).map(({version}) => version);
	return text.startsWith('tarball:')
		? [text]
		: expandSeries(what, versions).map(each => `${each}${text.slice(what.length)}`);
}

/**
 * Returns the engine that a spec names.
 * @param engines newest first, as listEngines returns them
 * @throws UsageError with the nearest engines available, or with the kind of a file that is not a static build
 */
export async function resolveEngine(given: string, engines: readonly Engine[]): Promise<Engine> {
	const spec = normaliseSpec(given);
	if (spec.startsWith('tarball:')) {
		return tarball(spec.slice('tarball:'.length), engines);
	}

	const {what, suite} = parse(spec);
	const versions = engines.map(engine => engine.version);
	if (/^[./~]|^(https?|file):|\.(tgz|tar\.\w+)(#|$)/.test(spec)) {
		throw new UsageError(`'${spec}' is no version, package or suite of an engine.`, {
			remedy: `A static build of Docker is written so: tarball:${spec}`,
		});
	}

	const refused = isSurelyRange(what) ? rangeRefused('engines', what, versions) : undefined;
	if (refused) {
		throw refused;
	}

	const offered = engines.filter(engine => !suite || isFrom(engine, suite));
	if (suite && offered.length === 0) {
		throw suiteRefused('Docker Engine', suite, placesOf(engines));
	}

	const [name, version] = what.includes('=') ? what.split('=') : [undefined, what];
	const found =
		(what === 'latest' ? offered[0] : undefined) ??
		offered.find(engine => isVersion(engine, version!) && (!name || isPackage(engine, name))) ??
		offered.find(engine => isPackage(engine, what) || isFrom(engine, what));
	if (what !== '' && found) {
		return found;
	}

	if (isSuite(what)) {
		throw suiteRefused('Docker Engine', what, placesOf(engines));
	}

	const near = /^\d/.test(version!)
		? nearestVersions(
				version!.replace(/[.*x]+$/i, ''),
				offered.map(engine => engine.version),
			)
		: nearWords(what, [...placesOf(engines), ...namesOf(engines)]);
	throw rangeRefused('engines', what, versions) ?? unknown(spec, near, suite);
}

/** Splits `20.10@bullseye`. */
function parse(spec: string): {what: string; suite: string | undefined} {
	const [, what = '', suite] = /^([^@]*)(?:@(.+))?$/.exec(spec) ?? [];
	return {what, suite};
}

/** Returns the version of the package, or that of the program for a tarball. */
export function packageVersion(engine: Engine): string {
	return engine.source.type === 'package' ? engine.source.package.version : engine.version;
}

async function tarball(text: string, engines: readonly Engine[]): Promise<Engine> {
	// A URL may contain an @ (user@host), so only a word after the last @ is a suite.
	const [, place = '', suite] = /^(.*?)(?:@([a-z][a-z-]*))?$/.exec(text) ?? [];
	if (place === '') {
		throw new UsageError(`'tarball:${text}' names no file.`, {
			remedy: 'Write tarball:PATH or tarball:URL#sha256=HEX.',
		});
	}

	if (suite && !isSuite(suite) && !placesOf(engines).includes(suite)) {
		throw suiteRefused('Docker Engine', suite, placesOf(engines));
	}

	const {location, sha256, parameters} = await parseLocation(place);
	const version =
		parameters.version ?? /(\d+\.\d+\.\d+(?:-(?:ce|rc)[\w.-]*)?)(?:[^/]*)\.(?:tgz|tar\.gz)$/.exec(location)?.[1];
	if (!version) {
		throw new UsageError(`The name of ${location} does not say which version it is.`, {
			remedy: `Add it: tarball:${place}${place.includes('#') ? '&' : '#'}version=1.12.6`,
		});
	}

	if (localFile(location)) {
		await requireStaticBuild(location);
	}

	return {
		label: version,
		version,
		source: {type: 'tarball', location, sha256, suite: suite ?? homeFor(version, engines)},
	};
}

/** Returns the release with the oldest engine that is not older than `version`, else the release with the newest engine. */
function homeFor(version: string, engines: readonly Engine[]): string {
	const own = engines.filter(({source}) => source.type === 'package' && !source.repository);
	const oldest = own.findLast(engine => compareVersions(engine.version, version) >= 0) ?? own[0];
	// The first, if several suites have it.
	const home = own.find(engine => engine.version === oldest?.version);
	if (!home) {
		throw new UsageError(`No suite is known for the tarball of Docker ${version}.`, {
			remedy: 'Name one behind it: tarball:…@bookworm',
		});
	}

	return home.source.suite;
}

function isVersion(engine: Engine, version: string): boolean {
	return /^\d/.test(version) && (hasPrefix(engine.version, version) || hasPrefix(packageVersion(engine), version));
}

function isPackage({source}: Engine, name: string): boolean {
	return source.type === 'package' && source.package.name === name;
}

function isFrom({source}: Engine, place: string): boolean {
	return (
		source.type === 'package' &&
		[source.package.suite, releaseOf(source.package.suite), source.repository].includes(place)
	);
}

/** Returns the suites and repositories of the engines, as a user may type them. */
function placesOf(engines: readonly Engine[]): string[] {
	const places = engines.flatMap(({source}) =>
		source.type === 'package'
			? [source.suite, source.package.suite, ...(source.repository ? [source.repository] : [])]
			: [],
	);
	return [...new Set(places)];
}

function namesOf(engines: readonly Engine[]): string[] {
	return [...new Set(engines.flatMap(({source}) => (source.type === 'package' ? [source.package.name] : [])))];
}

/** Whether a word is the name of a suite of any distribution. */
function isSuite(word: string): boolean {
	return Object.values(distributions).some(distribution => suiteNames(distribution).includes(word));
}

function unknown(spec: string, near: string[], suite?: string): UsageError {
	const offers = near.length > 0 ? ` Nearest: ${near.join(', ')}.` : '';
	return new UsageError(
		`${suite ? `Suite ${suite} has no` : 'No configured suite has a'} Docker Engine '${spec}'.${offers}`,
		{
			remedy:
				spec.startsWith('docker-ce') && !near.includes('docker-ce')
					? 'docker-ce is not from the distribution: name its repository in packages.repositories (docs/configuration.md, "Another repository"). A static build will do as well: tarball:PATH or tarball:URL#sha256=HEX.'
					: "'swarmlab engines' lists all; a static build will do as well: tarball:PATH or tarball:URL#sha256=HEX.",
		},
	);
}
