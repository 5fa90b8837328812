/** The versions of an axis that can be had here: kernels of one flavour, engines, or the variants of the config. */
import {resolveEngine} from '../artifacts/engines/engine-spec.ts';
import {listEngines} from '../artifacts/engines/engines.ts';
import {flavourOf} from '../artifacts/kernels/flavours.ts';
import {resolveKernel} from '../artifacts/kernels/kernel-spec.ts';
import {listKernels} from '../artifacts/kernels/kernels.ts';
import type {Packages} from '../artifacts/packages/packages.ts';
import {type Axis, axisBetween, seriesOf, type Version} from '../bisect/points.ts';
import type {LoadedConfig} from '../config/load.ts';
import {UsageError} from '../errors.ts';
import type {Engine, Kernel, PackageRef} from '../model/index.ts';
import {noVariants} from '../plan/variants.ts';
import type {AxisName} from './bisect-axes.ts';

/** Returns the axis between two specs, as `--kernel`, `--docker` or `--variant` take them. Throws UsageError. */
export async function readAxis(
	name: AxisName,
	{good, bad, loaded, packages}: {good: string; bad: string; loaded: LoadedConfig; packages: Packages},
): Promise<Axis> {
	if (name === 'variant') {
		const all = [noVariants.id, ...loaded.settings.variants.map(({id}) => id)].map(variantOf);
		return axisBetween([...new Map(all.map(each => [each.id, each])).values()], good, bad);
	}

	return name === 'docker' ? engineAxis(packages, good, bad) : kernelAxis(packages, good, bad);
}

async function engineAxis(packages: Packages, good: string, bad: string): Promise<Axis> {
	const engines = await listEngines(packages);
	const [from, to] = [await resolveEngine(good, engines), await resolveEngine(bad, engines)];
	return axisBetween(engines.toReversed().flatMap(engineVersion), idOf(from, good), idOf(to, bad));
}

async function kernelAxis(packages: Packages, good: string, bad: string): Promise<Axis> {
	const kernels = await listKernels(packages);
	const [from, to] = [await resolveKernel(good, kernels), await resolveKernel(bad, kernels)];
	const flavours = [from, to].map(({release}) => flavourOf(release)?.flavour);
	if (flavours[0] !== flavours[1]) {
		throw new UsageError(
			`--good ${from.label} and --bad ${to.label} are of different flavours, ${flavours.join(' and ')}: what changes between them may be the flavour.`,
			{remedy: `Name one flavour for both, as in 6.1/${flavours[0]} and 6.12/${flavours[0]}.`},
		);
	}

	const alike = kernels.filter(({release}) => flavourOf(release)?.flavour === flavours[0]);
	return axisBetween(alike.toReversed().flatMap(kernelVersion), idOf(from, good), idOf(to, bad));
}

/** Returns the name of a package in an exact version; only these have an order. */
function idOf({source}: Engine | Kernel, spec: string): string {
	if (source.type !== 'package') {
		throw new UsageError(`${spec} is no package of a suite: nothing is known to be between it and others.`, {
			remedy: 'A build of your own is bisected by git: docs/bisect.md',
		});
	}

	return nameOf(source.package);
}

function nameOf({name, version}: PackageRef): string {
	return `${name} ${version}`;
}

function engineVersion({label, source}: Engine): Version[] {
	return source.type === 'package' ? [versionOf(label, source.package, source.package.name)] : [];
}

function kernelVersion({label, source}: Kernel): Version[] {
	return source.type === 'package' ? [versionOf(label, source.package, 'linux')] : [];
}

/** Packages that are built of the same source, for another suite (`~deb12u1`) or once more (`+b6`), have the same content. */
function versionOf(label: string, ref: PackageRef, what: string): Version {
	return {
		id: nameOf(ref),
		label,
		series: seriesOf(ref.version),
		spec: `${ref.name}=${ref.version}@${ref.suite}`,
		content: `${what} ${ref.version.replace(/\+b\d+$/, '').replace(/~(deb|bpo)\d+.*$/, '')}`,
		package: ref,
	};
}

function variantOf(id: string): Version {
	return {id, label: id, series: id, spec: id, content: id};
}
