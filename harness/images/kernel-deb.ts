/** A kernel in a .deb by path or URL, such as Ubuntu's mainline builds. */
import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {readDeb} from './deb.ts';
import {dependencies} from './deb822.ts';

/** Path of a location that is on this host; undefined for one that must be fetched. */
export function localDeb(location: string): string | undefined {
	if (location.startsWith('file:')) {
		return fileURLToPath(location);
	}

	return /^https?:/.test(location) ? undefined : path.resolve(location);
}

/** Packages in the same folder that the kernel's own .deb depends on: its modules, where it is split. */
export async function siblingDebs(deb: string): Promise<string[]> {
	const control = await readDeb(deb);
	const names = dependencies(control.depends).filter(name => /^linux-(binary|modules|base)-\d/.test(name));
	const neighbours = (await readdir(path.dirname(deb))).filter(name => name.endsWith('.deb')).sort();
	return names.flatMap(name => {
		const found = neighbours.find(file => file.startsWith(`${name}_`));
		return found ? [path.join(path.dirname(deb), found)] : [];
	});
}
