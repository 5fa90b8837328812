/** The packages that a kernel consists of. Pure. */
import type {PackageRef} from '../../model/index.ts';
import {dependencies} from '../packages/deb822.ts';
import type {PackageRow} from '../packages/package-index.ts';

/**
 * Returns the package itself and the packages of the same version that it is split into. Since 6.19 Debian's image package
 * only depends on linux-base-V (configuration), linux-binary-V (vmlinuz) and linux-modules-V. Ubuntu splits off
 * linux-modules-V and linux-modules-extra-V.
 * @returns undefined when one of them is missing: an archive keeps parts of old kernels for a while
 */
export function kernelPackages(rows: PackageRow[], wanted: PackageRef): PackageRow[] | undefined {
	const find = (name: string) => {
		const same = rows.filter(row => row.name === name && row.version === wanted.version);
		return same.find(row => row.suite === wanted.suite) ?? same[0];
	};

	const image = find(wanted.name);
	const parts = kernelParts(image?.depends).map(find);
	const extra = find(wanted.name.replace(/^linux-image-(unsigned-)?/, 'linux-modules-extra-'));
	const all = [image, ...parts];
	return all.every(row => row !== undefined) ? [...all, ...(extra ? [extra] : [])] : undefined;
}

/** Returns the names in a Depends field of packages with parts of the kernel itself. */
export function kernelParts(depends: string | undefined): string[] {
	return dependencies(depends).filter(name => /^linux-(binary|modules|base)-\d/.test(name));
}
