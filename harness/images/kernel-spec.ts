/**
 * What a person writes for a kernel:
 *
 * | spec | means |
 * |---|---|
 * | `6.1`, `6.12.107`, `7` | newest kernel whose version begins so, by whole components |
 * | `6.1.0-52`, `6.12.107+deb13` | newest whose release begins so |
 * | `6.1/generic` | the same in another flavour than the default one (`cloud`) |
 * | `6.1@bullseye-security` | the same from one suite; `6.1/generic@bookworm` for both |
 * | `linux-image-6.1.0-52-cloud-amd64` | this package, or with `=VERSION` this very version |
 * | `linux-image-cloud-amd64` | what the metapackage depends on: the newest of that flavour |
 * | `./linux-image-….deb`, `file:…`, `https://….deb#sha256=HEX` | this .deb; a URL needs its checksum |
 * | `./folder` | a build of your own: bzImage (or vmlinuz) and lib/modules/RELEASE |
 */
import {stat} from 'node:fs/promises';
import path from 'node:path';
import {ArtifactError, UsageError} from '../errors.ts';
import type {Kernel} from '../model.ts';
import {nearest} from '../nearest.ts';
import {flavourOf, versionOf} from './flavours.ts';
import {debKernel} from './kernel-deb.ts';
import {findBuild} from './kernel-folder.ts';
import {around} from './neighbours.ts';
import {hasPrefix} from './versions.ts';

/**
 * The kernel that a spec means.
 * @param kernels newest first, as listKernels gives them
 * @throws UsageError naming the nearest kernels that can be had; ArtifactError for a file or folder that is no kernel
 */
export async function resolveKernel(spec: string, kernels: readonly Kernel[]): Promise<Kernel> {
	if (/^(https?|file):/.test(spec) || /\.deb(#|$)/.test(spec)) {
		return debKernel(spec);
	}

	if (/^[./~]/.test(spec)) {
		return folderKernel(path.resolve(spec));
	}

	return spec.startsWith('linux-') ? named(spec, kernels) : versioned(spec, kernels);
}

async function folderKernel(folder: string): Promise<Kernel> {
	const status = await stat(folder).catch(cause => {
		throw new ArtifactError(`The kernel folder ${folder} is not there.`, {cause});
	});
	if (!status.isDirectory()) {
		throw new ArtifactError(`${folder} is neither a .deb nor a folder.`, {
			remedy: 'Give a folder that holds bzImage and lib/modules/RELEASE.',
		});
	}

	const {release} = await findBuild(folder);
	return {label: release, release, source: {type: 'directory', path: folder}};
}

function named(spec: string, kernels: readonly Kernel[]): Kernel {
	const [, name = '', version, suite] = /^([^=@]+)(?:=([^@]+))?(?:@(.+))?$/.exec(spec) ?? [];
	const offered = kernels.filter(
		kernel => kernel.source.type === 'package' && (!suite || kernel.source.package.suite === suite),
	);
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

/** `linux-image-cloud-amd64`, `linux-image-6.1-cloud-amd64`: the newest kernel of this ending and series. */
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
	const [, version = '', flavour, suite] = /^([^/@]*)(?:\/([^@]+))?(?:@(.+))?$/.exec(spec) ?? [];
	const inSuite = kernels.filter(
		kernel => !suite || (kernel.source.type === 'package' && kernel.source.package.suite === suite),
	);
	const candidates = inSuite.filter(
		kernel => hasPrefix(versionOf(kernel), version) || hasPrefix(kernel.release, version),
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

	const ofDefault = inSuite.filter(kernel => flavourOf(kernel.release)?.isDefault);
	throw unknown(
		spec,
		around(
			version,
			ofDefault.map(kernel => kernel.label),
		),
	);
}

function unknown(spec: string, near: string[]): UsageError {
	const offers = near.length > 0 ? ` Nearest: ${near.join(', ')}.` : '';
	return new UsageError(`No configured suite has a kernel '${spec}'.${offers}`, {
		remedy: "'swarmlab kernels' lists all; a .deb (path or URL) or a folder with bzImage and modules will do as well.",
	});
}
