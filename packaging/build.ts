/** Builds dist/: what the package contains, with the same folders as the clone. It is called by packaging/prepack.ts. */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import ts from 'typescript';

/** Files that are not TypeScript: the scripts for guests and Vagrant, our trees of DevStack. */
const folders = ['harness', 'vagrant'];
const isOwn = (file: string) => !/\.(ts|js|md|snap|gz)$|(^|\/)fixtures(\/|$)|\.shellcheckrc$/.test(file);

/** What users import: package.json's exports. Only the types that these need are in the package. */
const doors = ['scenario', 'config', 'containers'].map(room => `harness/${room}/index.d.ts`);

/** Builds `<root>/dist` anew. Throws Error if the sources do not compile. */
export function build(root: string): void {
	const dist = path.join(root, 'dist');
	fs.rmSync(dist, {recursive: true, force: true});
	const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
	execFileSync(process.execPath, [tsc, '-p', path.join(root, 'tsconfig.build.json')], {stdio: ['ignore', 2, 2]});
	for (const file of ['Vagrantfile', ...assets(root)]) {
		fs.mkdirSync(path.join(dist, path.dirname(file)), {recursive: true});
		fs.copyFileSync(path.join(root, file), path.join(dist, file));
	}

	// tsc keeps no permissions.
	fs.chmodSync(path.join(dist, 'harness/swarmlab.js'), 0o755);
	keepTypes(dist);
}

function assets(root: string): string[] {
	return folders
		.flatMap(folder => fs.globSync(`${folder}/**/*`, {cwd: root, withFileTypes: true}))
		.filter(entry => entry.isFile())
		.map(entry => path.relative(root, path.join(entry.parentPath, entry.name)))
		.filter(isOwn)
		.sort();
}

/** Deletes the types that no door leads to. tsc leaves `.ts` in the imports of the others: this names what is there. */
function keepTypes(dist: string): void {
	const kept = new Set<string>();
	const queue = doors.map(door => path.join(dist, door));
	for (const file of queue) {
		if (kept.has(file)) {
			continue;
		}

		kept.add(file);
		const text = fs.readFileSync(file, 'utf8');
		const imports = ts.preProcessFile(text, true, true).importedFiles.filter(({fileName}) => fileName.startsWith('.'));
		queue.push(...imports.map(({fileName}) => path.join(path.dirname(file), fileName.replace(/\.ts$/, '.d.ts'))));
		// From the end, so that the positions before it stay right.
		const renamed = imports.reduceRight(
			(all, {fileName, pos}) => all.slice(0, pos) + all.slice(pos).replace(fileName, fileName.replace(/\.ts$/, '.js')),
			text,
		);
		fs.writeFileSync(file, renamed);
	}

	for (const name of fs.globSync('**/*.d.ts', {cwd: dist})) {
		if (!kept.has(path.join(dist, name))) {
			fs.rmSync(path.join(dist, name));
		}
	}
}
