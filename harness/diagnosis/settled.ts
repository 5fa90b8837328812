/** Containers that ran before their node was read: what is wrong in one that starts or ends is only not there yet, or not any more. Pure. */
import type {EvidenceSection} from '../model/index.ts';
import {type ContainerView, readContainers} from './read-engine.ts';
import type {NodeView} from './view.ts';

/**
 * Returns the containers that run, and ran so many seconds before the node was read. The engine has set up the network of a container
 * before it reports it as running (moby, daemon/start.go).
 */
export function settledContainers(node: NodeView, seconds = 0): ContainerView[] {
	return readContainers(node.text('containers')).filter(
		({running, since}) => running && !((node.about.startedAt ?? Number.NaN) - since < seconds),
	);
}

/**
 * Returns the outputs of a probe in the namespaces of such containers. Where the engine did not say which containers there are, it is
 * not making any: then all count.
 */
export function settledSections(node: NodeView, probe: string, seconds = 0): EvidenceSection[] {
	const all = node.whole(probe);
	if (readContainers(node.text('containers')).length === 0) {
		return all;
	}

	const settled = new Set(settledContainers(node, seconds).map(({namespace}) => namespace));
	return all.filter(({namespace = ''}) => settled.has(namespace));
}
