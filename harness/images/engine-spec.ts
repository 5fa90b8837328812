/**
 * What a person writes for an engine:
 *
 * | spec | means |
 * |---|---|
 * | `20.10`, `26.1.5`, `28` | newest engine whose version begins so, by whole components |
 * | `20.10@bullseye` | the same from one suite (its -security and -updates included) or from an extra repository |
 * | `bullseye` | newest engine of that suite or repository |
 * | `docker.io=20.10.24+dfsg1-1+deb12u1` | this package in this version (rebuilds `+b6` included); `@suite` may follow |
 * | `tarball:PATH` , `tarball:URL#sha256=HEX` | a static build; `&version=1.12.6` where the file's name does not say it, `@suite` for the root filesystem |
 *
 * A tarball without a suite goes into the release whose own engine is the nearest that is not older.
 */
import {UsageError} from '../errors.ts';
import type {Engine} from '../model.ts';
import {nearest} from '../nearest.ts';
import {parseLocation} from './location.ts';
import {around} from './neighbours.ts';
import {releaseOf} from './suites.ts';
import {compareVersions, hasPrefix} from './versions.ts';

/**
 * The engine that a spec means.
 * @param engines newest first, as listEngines gives them
 * @throws UsageError naming the nearest engines that can be had; ArtifactError for a tarball that is not there
 */
export async function resolveEngine(spec: string, engines: readonly Engine[]): Promise<Engine> {
	if (spec.startsWith('tarball:')) {
		return tarball(spec.slice('tarball:'.length), engines);
	}

	const [, what = '', suite] = /^([^@]*)(?:@(.+))?$/.exec(spec) ?? [];
	const offered = engines.filter(engine => !suite || isFrom(engine, suite));
	const [name, version] = what.includes('=') ? what.split('=') : [undefined, what];
	const found =
		offered.find(engine => isVersion(engine, version!) && (!name || isPackage(engine, name))) ??
		offered.find(engine => isPackage(engine, what) || isFrom(engine, what));
	if (what !== '' && found) {
		return found;
	}

	const versions = (offered.length > 0 ? offered : engines).map(engine => engine.version);
	throw unknown(spec, /^\d/.test(version!) ? around(version!, versions) : nearest(what, wordsOf(engines)));
}

/** The package's version; of a tarball the program's. */
export function packageVersion(engine: Engine): string {
	return engine.source.type === 'package' ? engine.source.package.version : engine.version;
}

async function tarball(text: string, engines: readonly Engine[]): Promise<Engine> {
	// An @ may be part of a URL (user@host): the suite is a word at the very end.
	const [, place = '', suite] = /^(.*?)(?:@([a-z][a-z-]*))?$/.exec(text) ?? [];
	const {location, sha256, parameters} = await parseLocation(place);
	const version =
		parameters.version ?? /(\d+\.\d+\.\d+(?:-(?:ce|rc)[\w.-]*)?)(?:[^/]*)\.(?:tgz|tar\.gz)$/.exec(location)?.[1];
	if (!version) {
		throw new UsageError(`The name of ${location} does not say which version it is.`, {
			remedy: `Add it: tarball:${place}${place.includes('#') ? '&' : '#'}version=1.12.6`,
		});
	}

	return {
		label: version,
		version,
		source: {type: 'tarball', location, sha256, suite: suite ?? homeFor(version, engines)},
	};
}

/** The release whose engine is the oldest of those that are not older than `version`; else that of the newest. */
function homeFor(version: string, engines: readonly Engine[]): string {
	const own = engines.filter(({source}) => source.type === 'package' && !source.repository);
	const home = own.findLast(engine => compareVersions(engine.version, version) >= 0) ?? own[0];
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

function wordsOf(engines: readonly Engine[]): string[] {
	return [
		...new Set(engines.flatMap(({source}) => (source.type === 'package' ? [source.suite, source.package.name] : []))),
	];
}

function unknown(spec: string, near: string[]): UsageError {
	const offers = near.length > 0 ? ` Nearest: ${near.join(', ')}.` : '';
	return new UsageError(`No configured suite has a Docker Engine '${spec}'.${offers}`, {
		remedy: "'swarmlab engines' lists all; a static build will do as well: tarball:PATH or tarball:URL#sha256=HEX.",
	});
}
