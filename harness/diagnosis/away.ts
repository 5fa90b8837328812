/** Nodes whose engine is away: what the managers last heard of their tasks may be out of date. Pure. */
import type {MemberView} from './read-engine.ts';
import type {NodeView} from './view.ts';

/**
 * Whether dockerd of a node does not run, or is stopped, or the node could not be read. Soon after that, gossip has lost the node, and
 * the others have no rows of its endpoints: what goes between it and them says nothing.
 */
export function isAway(node: NodeView): boolean {
	return (
		node.trouble !== undefined ||
		node.lines('engine', /^== dockerd does not run$/).length > 0 ||
		/^== dockerd\n(?:(?!==).*\n)*?State:\s+[TtZ]/m.test(node.text('engine'))
	);
}

/** Returns the ids of the nodes that are away, as the managers and as the nodes themselves tell. */
export function awayIds(nodes: readonly NodeView[], members: readonly MemberView[] = []): string[] {
	const addresses = nodes.filter(isAway).map(({address}) => address);
	return members.filter(({state, address}) => state !== 'ready' || addresses.includes(address)).map(({id}) => id);
}
