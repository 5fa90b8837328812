/**
 * Steps of a reproduction, as text: `m1: docker node ls`, `all: ip route`, `m1,x1: ping -c1 {w2}`. In them, `{w1}` is the
 * address of w1, `{self}` that of the node itself, and `{m1:/root/token}` what a file of m1 holds. `all` are the members of the
 * swarm, `x1` is an outsider. Pure.
 */

/** Whose step it is, and what is done there. */
const form = /^((?:all|[mwx]\d+(?:,[mwx]\d+)*)): (.*\S.*)$/s;

/** What is replaced: an address, or the content of a file. */
const place = /\{(self|[mwx]\d+)(?::(\/[\w./-]+))?\}/g;

/** Returns whether a text is a step. */
export function isStep(text: string): boolean {
	return form.test(text);
}

export interface NamedMachine {
	name: string;
	address: string;
}

/** What is done on one node. */
interface NodeStep {
	/** Its name. */
	node: string;
	commands: string;
}

/**
 * Returns what is done on each of its nodes, with addresses in it.
 * @param content returns the text in place of a file of a node
 */
export function stepOn(
	step: string,
	machines: readonly NamedMachine[],
	content: (node: string, file: string) => string,
): NodeStep[] {
	const [, nodes = 'all', text = step] = form.exec(step) ?? [];
	const members = machines.map(({name}) => name).filter(name => !name.startsWith('x'));
	const names = nodes === 'all' ? members : nodes.split(',');
	return names.map(node => ({
		node,
		commands: text.replaceAll(place, (whole, who: string, file: string | undefined) => {
			const name = who === 'self' ? node : who;
			return file ? content(name, file) : (machines.find(each => each.name === name)?.address ?? whole);
		}),
	}));
}

/** Returns the files of nodes that a step needs. */
export function filesIn(step: string): {node: string; file: string}[] {
	return [...step.matchAll(place)].flatMap(([, node, file]) => (file && node !== 'self' ? [{node: node!, file}] : []));
}
