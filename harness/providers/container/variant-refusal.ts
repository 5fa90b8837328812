/** What of a variant a container cannot have, because its kernel is that of its Docker host. Pure. */
import type {NodeSpec, Variant} from '../../model/index.ts';

/** Settings that each container has for itself: those of its network namespace and of its IPC namespace (namespaces(7)). */
const ownSettings = /^(net[./]|kernel[./](shm|msg|sem$)|fs[./]mqueue[./])/;

/** Returns why containers cannot be as the variants of these nodes say, in one sentence; undefined if they can. */
export function variantRefusal(nodes: readonly NodeSpec[]): string | undefined {
	const variants = nodes.flatMap(({variant}) => variant ?? []);
	const found = variants.map(variant => ({id: variant.id, what: lackOf(variant)})).find(({what}) => what !== undefined);
	return found && `The variant ${found.id} ${found.what}: choose QEMU's machines`;
}

function lackOf({kernelArgs, modules, sysctl = {}}: Variant): string | undefined {
	if (kernelArgs) {
		return `has words for the kernel's command line (${kernelArgs.join(' ')}), and containers boot no kernel`;
	}

	if (modules) {
		return `withholds modules (${modules.withhold.join(', ')}), and containers have the kernel of their Docker host with all that it has loaded`;
	}

	const shared = Object.keys(sysctl).filter(key => !ownSettings.test(key));
	return shared.length > 0
		? `sets ${shared.join(', ')}, which containers share with their Docker host and everything else on it`
		: undefined;
}
