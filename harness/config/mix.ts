/** Mixes on the command line: specs of nodes by their names. Pure. */
import {UsageError} from '../errors.ts';
import type {MixConfig} from './types.ts';

/** The name of a node, or the word for all nodes that are not named. */
export const nodeName = /^([a-z]+\d+|others)$/;

/** `m1=20.10`. Names of packages, which may be followed by `=` too, have other characters. */
const assignment = /^([a-z]+\d+|others)\s*=\s*(.*)$/i;

/**
 * Parses one use of `--docker` or `--kernel`. If it gives a node its own (`26.1,w1=28.5`), it is one mix, and the word without
 * `=` is for all other nodes. Else each word is a spec of its own (`20.10,26.1`).
 * @throws UsageError if a mix has two words for the other nodes, or two for one node
 */
export function parseSpecs(option: string, text: string): (string | MixConfig)[] {
	const words = text.split(',').map(word => word.trim());
	if (!words.some(word => assignment.test(word))) {
		return words;
	}

	const mix: MixConfig = {};
	for (const word of words) {
		const [, name = 'others', spec = word] = assignment.exec(word) ?? [];
		const node = name.toLowerCase();
		if (Object.hasOwn(mix, node)) {
			throw new UsageError(
				`${option} ${text}: ${node === 'others' ? 'the nodes that are not named have' : `${node} has`} two specs, '${mix[node]}' and '${spec}'.`,
				{remedy: `A mix is one use of the option, and other cells are another: ${option} ${spec} ${option} m1=…`},
			);
		}

		mix[node] = spec;
	}

	return [mix];
}
