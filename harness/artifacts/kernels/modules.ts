/** A tree of kernel modules (the content of lib/modules/<release>) made ready, and read. */
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
 * Decompresses all modules and writes their indexes anew: distributions ship a tree without modules.dep, and not every
 * kmod or busybox reads every compression.
 * @param root folder that holds `lib/modules/<release>`
 */
export async function prepareModules(root: string, release: string): Promise<void> {
	const tree = path.join(root, 'lib', 'modules', release);
	for (const [ending, [command, ...args]] of Object.entries(decompressors)) {
		// By the hundred, on both halves of a small machine.
		await execa('sh', [
			'-c',
			`find "$0" -type f -name '*.ko${ending}' -print0 | xargs -0 -r -n 100 -P 2 ${command} ${args.join(' ')}`,
			tree,
		]);
	}

	await execa('depmod', ['-b', root, release], {env: {PATH: withSbin()}});
}

/** What a tree of modules says about itself. */
export interface ModuleTree {
	/** Path of a module's file relative to the tree, by name (dashes as underscores). */
	files: Map<string, string>;
	/** What must be loaded before it, in that order. */
	needs: Map<string, string[]>;
	builtin: Set<string>;
}

/** Reads modules.dep, modules.softdep and modules.builtin. */
export async function readModuleTree(tree: string): Promise<ModuleTree> {
	const read = (name: string) => readFile(path.join(tree, name), 'utf8').catch(() => '');
	const [dep, softdep, builtin] = await Promise.all(['modules.dep', 'modules.softdep', 'modules.builtin'].map(read));
	return parseModuleTree(dep!, softdep!, builtin!);
}

/** The same from texts. Soft dependencies are those that depmod takes from the modules themselves (`softdep a pre: b`). */
export function parseModuleTree(dep: string, softdep: string, builtin: string): ModuleTree {
	const files = new Map<string, string>();
	const needs = new Map<string, string[]>();
	for (const line of dep.split('\n').filter(Boolean)) {
		const [file, list] = line.split(':') as [string, string];
		files.set(moduleName(file), file);
		// depmod lists the nearest first; they are loaded from the far end.
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
 * Files of the modules named and of all that they need, in an order in which insmod can load them.
 * Those built into the kernel and those that this kernel does not have are passed over.
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

/** The kernel takes `-` and `_` in a module's name for the same. */
function moduleName(file: string): string {
	return path
		.basename(file)
		.replace(/\.ko(\.\w+)?$/, '')
		.replaceAll('-', '_');
}
