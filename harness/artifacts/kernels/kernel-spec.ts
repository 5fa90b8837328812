/**
 * The specs by which a user names a kernel:
 *
 * | spec | means |
 * |---|---|
 * | `6.1`, `6.12.107`, `7` | newest kernel whose version begins with these components |
 * | `6.1.0-52`, `6.12.107+deb13` | newest kernel whose release begins with this |
 * | `latest` | newest kernel of all suites |
 * | `6.*` | newest of each series of 6: several kernels, see expandKernel |
 * | `6.1/generic` | the same in another flavour than the default one (`cloud`) |
 * | `6.1@bullseye-security` | the same from one suite; `6.1/generic@bookworm` for both |
 * | `linux-image-6.1.0-52-cloud-amd64` | this package; with `=VERSION` exactly this version |
 * | `linux-image-cloud-amd64` | the kernel that this metapackage depends on: the newest of that flavour |
 * | `./linux-image-….deb`, `file:…`, `https://….deb#sha256=HEX` | this .deb; a URL needs its checksum |
 * | `./folder` | a build of your own: bzImage (or vmlinuz) and lib/modules/RELEASE |
 */
import {stat} from 'node:fs/promises';
import {UsageError} from '../../errors.ts';
import type {Kernel} from '../../model/index.ts';
import {nearest} from '../../nearest.ts';
import {absolute, isThere, whatIsAt} from '../packages/file-kinds.ts';
import {nearestVersions} from '../packages/neighbours.ts';
import {
	expandSeries,
	isSurelyRange,
	nearWords,
	normaliseSpec,
	rangeRefused,
	suiteRefused,
} from '../packages/spec-words.ts';
import {hasPrefix} from '../packages/versions.ts';
import {flavourOf, versionOf} from './flavours.ts';
import {debKernel} from './kernel-deb.ts';
import {findBuild} from './kernel-folder.ts';

/** Expands a spec with `6.*` to one spec for each series. Returns any other spec as it is. @param kernels newest first */
export function expandKernel(spec: string, kernels: readonly Kernel[]): string[] {
	const text = normaliseSpec(spec);
	const {version, flavour, suite} = parse(text);
	const labels = kernels
		.filter(kernel => isFrom(kernel, suite) && (!flavour || flavourOf(kernel.release)?.flavour === flavour))
		.map(({label}) => label);
	return expandSeries(version, labels).map(each => `${each}${text.slice(version.length)}`);
}

/**
 * Returns the kernel that a spec names.
 * @param kernels newest first, as listKernels returns them
 * @throws UsageError with the nearest kernels available, or with the kind of a file or folder that is not a kernel
 */
export async function resolveKernel(given: string, kernels: readonly Kernel[]): Promise<Kernel> {
	const spec = normaliseSpec(given);
	if (isSurelyRange(parse(spec).version)) {
		throw refuse(spec, kernels);
	}

	if (/^(https?|file):/.test(spec) || /\.deb(#|$)/.test(spec)) {
		return debKernel(spec);
	}

	if (/^[./~]/.test(spec)) {
		return folderKernel(absolute(spec));
	}

	return spec.startsWith('linux-') ? named(spec, kernels) : versioned(spec, kernels);
}

async function folderKernel(folder: string): Promise<Kernel> {
	const status = await stat(folder).catch(cause => {
		throw new UsageError(`The kernel folder ${folder} is not there.`, {
			cause,
			remedy: `Correct the path; one that is not absolute begins in ${process.cwd()}.`,
		});
	});
	if (!status.isDirectory()) {
		throw new UsageError(`${folder} is neither a .deb nor a folder: it is ${await whatIsAt(folder)}.`, {
			remedy: 'Give a folder that holds bzImage and lib/modules/RELEASE.',
		});
	}

	const {release} = await findBuild(folder);
	return {label: release, release, source: {type: 'directory', path: folder}};
}

function named(spec: string, kernels: readonly Kernel[]): Kernel {
	const [, name = '', version, suite] = /^([^=@]+)(?:=([^@]+))?(?:@(.+))?$/.exec(spec) ?? [];
	const offered = kernels.filter(kernel => isFrom(kernel, suite));
	if (suite && offered.length === 0) {
		throw suiteRefused('kernel', suite, suitesOf(kernels));
	}

	const found = offered.find(
		kernel =>
			kernel.source.type === 'package' &&
			kernel.source.package.name === name &&
			(!version || kernel.source.package.version === version),
	);
	const other = found ?? offered.find(kernel => isMetapackageOf(name, kernel));
	if (!other) {
		const names = [
			...new Set(kernels.map(kernel => (kernel.source.type === 'package' ? kernel.source.package.name : ''))),
		];
		throw unknown(spec, nearest(name, names));
	}

	return other;
}

/**
 * Whether `name` is the metapackage for the ending and series of this kernel: `linux-image-cloud-amd64`,
 * `linux-image-6.1-cloud-amd64`.
 */
function isMetapackageOf(name: string, kernel: Kernel): boolean {
	const ending = flavourOf(kernel.release)?.ending;
	const series = /^linux-image-(?:(\d[\d.]*)-)?/.exec(name)?.[1];
	return (
		ending !== undefined &&
		name === `linux-image-${series ? `${series}-` : ''}${ending}` &&
		(!series || hasPrefix(versionOf(kernel), series))
	);
}

function versioned(spec: string, kernels: readonly Kernel[]): Kernel {
	const {version, flavour, suite} = parse(spec);
	const inSuite = kernels.filter(kernel => isFrom(kernel, suite));
	if (suite && inSuite.length === 0) {
		throw suiteRefused('kernel', suite, suitesOf(kernels));
	}

	const candidates = inSuite.filter(
		kernel => version === 'latest' || hasPrefix(versionOf(kernel), version) || hasPrefix(kernel.release, version),
	);
	const found = flavour
		? candidates.find(kernel => flavourOf(kernel.release)?.flavour === flavour)
		: (candidates.find(kernel => flavourOf(kernel.release)?.isDefault) ?? candidates[0]);
	if (version !== '' && found) {
		return found;
	}

	if (flavour && candidates.length > 0) {
		throw unknown(spec, [...new Set(candidates.map(kernel => `${version}/${flavourOf(kernel.release)?.flavour}`))]);
	}

	throw rangeRefused('kernels', spec, labelsOf(kernels)) ?? unknown(spec, near(version, inSuite, kernels), suite);
}

/** Returns what the user can type instead: the next versions, or similar words and suites. */
function near(version: string, inSuite: readonly Kernel[], kernels: readonly Kernel[]): string[] {
	if (version === '' || /^\d/.test(version)) {
		return nearestVersions(version.replace(/[.*x]+$/i, ''), labelsOf(inSuite));
	}

	const suites = suitesOf(kernels);
	return nearWords(version, suites).map(word => (suites.includes(word) ? `latest@${word}` : word));
}

function refuse(spec: string, kernels: readonly Kernel[]): UsageError {
	return rangeRefused('kernels', parse(spec).version, labelsOf(kernels)) ?? unknown(spec, []);
}

/** Splits `6.1/generic@bookworm`. */
function parse(spec: string): {version: string; flavour: string | undefined; suite: string | undefined} {
	const [, version = '', flavour, suite] = /^([^/@]*)(?:\/([^@]+))?(?:@(.+))?$/.exec(spec) ?? [];
	return {version, flavour, suite};
}

function isFrom({source}: Kernel, suite: string | undefined): boolean {
	return !suite || (source.type === 'package' && source.package.suite === suite);
}

function suitesOf(kernels: readonly Kernel[]): string[] {
	return [...new Set(kernels.flatMap(({source}) => (source.type === 'package' ? [source.package.suite] : [])))];
}

/** Returns the labels of the kernels of the default flavour; of all kernels if there is none. */
function labelsOf(kernels: readonly Kernel[]): string[] {
	const ofDefault = kernels.filter(kernel => flavourOf(kernel.release)?.isDefault);
	return (ofDefault.length > 0 ? ofDefault : kernels).map(({label}) => label);
}

function unknown(spec: string, near: string[], suite?: string): UsageError {
	const offers = near.length > 0 ? ` Nearest: ${near.join(', ')}.` : '';
	return new UsageError(`${suite ? `Suite ${suite} has no` : 'No configured suite has a'} kernel '${spec}'.${offers}`, {
		remedy: isThere(spec)
			? `There is a file or folder of that name. Write ./${spec} if you mean it.`
			: "'swarmlab kernels' lists all; a .deb (path or URL) or a folder with bzImage and modules will do as well.",
	});
}
