/** Forms the swarm of a cell: the commands of variants first, and what an engine refuses is told as its variant says. */
import {CommandError, EngineError, HarnessError, VariantRefused} from '../errors.ts';
import {connect, type Machine} from '../machine/index.ts';
import type {Cell, NodeSpec} from '../model/index.ts';
import {type FormedSwarm, formSwarm} from '../swarm/index.ts';

/**
 * Runs `before.init` of each node and forms the swarm. Throws what `formSwarm` throws; HarnessError if a command fails;
 * VariantRefused if an engine refuses, in a cell that has variants.
 */
export async function formCell(machines: readonly Machine[], {nodes}: Pick<Cell, 'nodes'>): Promise<FormedSwarm> {
	await Promise.all(machines.map(async machine => beforeInit(machine, nodeOf(machine, nodes))));
	try {
		return await formSwarm(machines, nodes.length);
	} catch (error) {
		const variant = nodes.find(node => node.variant)?.variant;
		if (error instanceof EngineError && variant) {
			const ids = [...new Set(nodes.flatMap(node => node.variant?.id ?? []))].join(', ');
			throw new VariantRefused(`with the variant ${ids}, ${error.message}`, variant.ifRefused);
		}

		throw error;
	}
}

/** Returns whether commands run on a node before its swarm is formed. */
export function hasCommands({nodes}: Pick<Cell, 'nodes'>): boolean {
	return nodes.some(({variant}) => variant?.before?.init);
}

async function beforeInit(machine: Machine, {variant}: NodeSpec): Promise<void> {
	const commands = variant?.before?.init ?? [];
	if (commands.length > 0) {
		await connect(machine.handle);
	}

	for (const command of commands) {
		const facts = [
			`SWARMLAB_NODE=${machine.name} SWARMLAB_ADDRESS=${machine.address}`,
			`SWARMLAB_LAN=$(ip -4 -o addr show | grep ' ${machine.address}/' | tr -s ' ' | cut -d ' ' -f 2)`,
			'export SWARMLAB_NODE SWARMLAB_ADDRESS SWARMLAB_LAN',
		];
		try {
			await machine.run(`${facts.join('\n')}\n${command}`);
		} catch (error) {
			if (!(error instanceof CommandError)) {
				throw error;
			}

			const how = error.exitCode === undefined ? 'did not end in time' : `ended with exit code ${error.exitCode}`;
			const said = error.output ? `: ${error.output}` : ' and said nothing';
			throw new HarnessError(`${machine.name}: ${command} ${how}${said}`, {
				cause: error,
				remedy: `The command is in 'before.init' of the variant ${variant!.id}: try it by swarmlab up and swarmlab exec.`,
			});
		}
	}
}

function nodeOf({name}: Machine, nodes: readonly NodeSpec[]): NodeSpec {
	const found = nodes.find(node => node.name === name);
	if (!found) {
		throw new TypeError(`The cell has no node ${name}`);
	}

	return found;
}

/**
 * Returns whether the machines of a cell must be booted and not cloned. The commands that run before an engine starts may be about
 * one node, by its name or its address, and a clone takes these only after its engine has started.
 */
export function mustBoot({nodes}: Pick<Cell, 'nodes'>): boolean {
	return nodes.some(({variant}) => variant?.before?.engine);
}
