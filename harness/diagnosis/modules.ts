/** Modules of the kernel that swarm networking needs, and that a node does not have. Pure. */
import type {EvidenceLine} from '../model/index.ts';
import {lineOf, type NodeView} from './view.ts';

const needed = ['vxlan', 'ip_vs', 'ip_vs_rr', 'xt_ipvs'];

/** Returns the modules that a kernel does not have, and those that are withheld and are not loaded, each with the line that shows it. */
export function missingModules(node: NodeView): {name: string; line: EvidenceLine}[] {
	const text = node.text('modules');
	const [, missing = ''] = /^== missing\n([\s\S]*?)^== withheld/m.exec(text) ?? [];
	const [, withheld = ''] = /^== withheld\n([\s\S]*)$/m.exec(text) ?? [];
	const isLoaded = (name: string) => new RegExp(`^${name} `, 'm').test(text);
	const found = [
		...missing.split('\n').map(line => ({name: line.trim(), said: `== missing: ${line.trim()}`})),
		...withheld.split('\n').map(line => ({name: /(?:install|blacklist)\s+(\w+)/.exec(line)?.[1] ?? '', said: line})),
	];
	return found
		.filter(({name, said}) => needed.includes(name) && (said.startsWith('==') || !isLoaded(name)))
		.map(({name, said}) => ({name, line: lineOf(node, `${node.name}/modules.txt`, said)}));
}
