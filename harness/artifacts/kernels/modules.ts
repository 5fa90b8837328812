/** Prepares and reads a tree of kernel modules: the content of lib/modules/<release>. */
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {withSbin} from '../../environment.ts';

const decompressors: Record<string, string[]> = {
	'.xz': ['xz', '-d'],
	'.zst': ['zstd', '-d', '-q', '--rm'],
	'.gz': ['gzip', '-d'],
};

/**
 * Decompresses all modules, because not every kmod or busybox reads every compression. Then writes the indexes, because
 * distributions ship a tree without modules.dep.
 * @param root folder that holds `lib/modules/<release>`
 */
export async function prepareModules(root: string, release: string): Promise<void> {
	const tree = path.join(root, 'lib', 'modules', release);
	for (const [ending, [command, ...args]] of Object.entries(decompressors)) {
		// 100 files for each process, two processes at a time: a small host has two CPUs.
		await execa('sh', [
			'-c',
			`find "$0" -type f -name '*.ko${ending}' -print0 | xargs -0 -r -n 100 -P 2 ${command} ${args.join(' ')}`,
			tree,
		]);
	}

	await execa('depmod', ['-b', root, release], {env: {PATH: withSbin()}});
}

/** The indexes of a tree of modules. */
export interface ModuleTree {
	/** Path of a module's file relative to the tree, by name (dashes as underscores). */
	files: Map<string, string>;
	/** Names of the modules to load before a module, in that order. */
	needs: Map<string, string[]>;
	builtin: Set<string>;
}

/** Reads modules.dep, modules.softdep and modules.builtin. */
export async function readModuleTree(tree: string): Promise<ModuleTree> {
	const read = (name: string) => readFile(path.join(tree, name), 'utf8').catch(() => '');
	const [dep, softdep, builtin] = await Promise.all(['modules.dep', 'modules.softdep', 'modules.builtin'].map(read));
	return parseModuleTree(dep!, softdep!, builtin!);
}

/** Parses these three texts. depmod takes soft dependencies from the modules themselves (`softdep a pre: b`). */
export function parseModuleTree(dep: string, softdep: string, builtin: string): ModuleTree {
	const files = new Map<string, string>();
	const needs = new Map<string, string[]>();
	for (const line of dep.split('\n').filter(Boolean)) {
		const [file, list] = line.split(':') as [string, string];
		files.set(moduleName(file), file);
		// depmod lists the nearest first; the farthest must be loaded first.
		needs.set(moduleName(file), list.split(/\s+/).filter(Boolean).map(moduleName).reverse());
	}

	for (const [, name, pre] of softdep.matchAll(/^softdep (\S+) pre: ([^\n]*?)(?: post:.*)?$/gm)) {
		const before = pre!
			.split(/\s+/)
			.map(moduleName)
			.filter(each => files.has(each));
		needs.set(name!, [...before, ...(needs.get(name!) ?? [])]);
	}

	return {files, needs, builtin: new Set(builtin.split('\n').filter(Boolean).map(moduleName))};
}

/**
 * Returns the files of the named modules and of their dependencies, in an order in which insmod can load them.
 * Modules that are built in and modules that this kernel does not have are skipped.
 */
export function loadOrder(tree: ModuleTree, names: string[]): string[] {
	const order: string[] = [];
	const visited = new Set<string>();
	const visit = (name: string) => {
		if (visited.has(name)) {
			return;
		}

		visited.add(name);
		(tree.needs.get(name) ?? []).forEach(visit);
		const file = tree.files.get(name);
		if (file) {
			order.push(file);
		}
	};

	names.map(moduleName).forEach(visit);
	return order;
}

/** Returns the name of a module's file. The kernel treats `-` and `_` in it as the same. */
function moduleName(file: string): string {
	return path
		.basename(file)
		.replace(/\.ko(\.\w+)?$/, '')
		.replaceAll('-', '_');
}
