/** Steps of a reproduction, as text: `m1: docker node ls`, `all: ip route`, `m1,w1: ping -c1 {w2}`. Pure. */

/** Whose step it is, and what is done there. */
const form = /^((?:all|[mw]\d+(?:,[mw]\d+)*)): (.*\S.*)$/s;

/** Returns whether a text is a step. */
export function isStep(text: string): boolean {
	return form.test(text);
}

/** Returns the names of the nodes of a step, and its commands with `{w1}` replaced by the address of w1. */
export function stepOn(
	step: string,
	machines: readonly {name: string; address: string}[],
): {names: string[]; commands: string} {
	const [, nodes = 'all', text = step] = form.exec(step) ?? [];
	return {
		names: nodes === 'all' ? machines.map(({name}) => name) : nodes.split(','),
		commands: text.replaceAll(
			address,
			(whole, name: string) => machines.find(each => each.name === name)?.address ?? whole,
		),
	};
}

const address = /\{([mw]\d+)\}/g;
