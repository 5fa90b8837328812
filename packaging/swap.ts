/** Puts the clone's package.json aside while npm packs, and back. Git ignores the copy. */
import fs from 'node:fs';
import path from 'node:path';

const aside = 'package.json.orig';

/** Puts package.json aside, and writes another one. */
export function setAside(root: string, manifest: string): void {
	fs.renameSync(path.join(root, 'package.json'), path.join(root, aside));
	fs.writeFileSync(path.join(root, 'package.json'), manifest);
}

/** Puts package.json back, if it was put aside. */
export function putBack(root: string): void {
	if (fs.existsSync(path.join(root, aside))) {
		fs.renameSync(path.join(root, aside), path.join(root, 'package.json'));
	}
}
