/** All faults in nodes, by their names, and the options that people give for them. Pure. */
import type {z} from 'zod';
import {listed, UsageError} from '../errors.ts';
import {nearest} from '../nearest.ts';
import {engineFaults} from './engine.ts';
import {linkRow} from './link.ts';
import type {NodeFault} from './node-fault.ts';
import {overlayFaults} from './overlay.ts';
import {packetFilterFaults} from './packet-filter.ts';
import {settingFaults} from './settings.ts';
import {systemFaults} from './system.ts';

const rows = {...engineFaults, ...systemFaults, ...settingFaults, ...packetFilterFaults, ...overlayFaults};

export type NodeFaultName = keyof typeof rows;
/** What a fault takes. */
export type OptionsOf<Name extends NodeFaultName> = z.input<(typeof rows)[Name]['options']>;

/** By their names, and `link`: a part of a fault on links, which people do not put in by this name. */
export const nodeFaults = {...rows, link: linkRow} as unknown as Readonly<Record<NodeFaultName | 'link', NodeFault>>;
export const nodeFaultNames = Object.keys(rows) as NodeFaultName[];

/** Returns the fault. Throws UsageError with the nearest name. */
export function requireNodeFault(name: string): NodeFaultName {
	if (name in rows) {
		return name as NodeFaultName;
	}

	const [near] = nearest(name, nodeFaultNames, 1);
	throw new UsageError(`There is no fault '${name}'.${near ? ` Did you mean '${near}'?` : ''}`, {
		remedy: `In nodes there are: ${nodeFaultNames.join(', ')}.`,
	});
}

/** Returns the options with their defaults. Throws UsageError with each that is wrong, and those that there are. */
export function parseOptions(name: NodeFaultName | 'link', options: unknown): Record<string, unknown> {
	const {success, data, error} = nodeFaults[name].options.safeParse(options ?? {});
	if (success) {
		return data;
	}

	const known = Object.keys(nodeFaults[name].options.shape);
	const problems = error.issues.map(issue => {
		const [near] = issue.code === 'unrecognized_keys' ? nearest(issue.keys[0]!, known, 1) : [];
		return `${[...issue.path, issue.message].join(': ')}${near ? `. Did you mean '${near}'?` : ''}`;
	});
	throw new UsageError(listed(problems, `These are no options of ${name}:`), {
		remedy: known.length === 0 ? 'It takes none.' : `It takes: ${known.join(', ')}. swarmlab fault kinds`,
	});
}

/** Returns what a fault does to a node, in one sentence without a full stop. */
export function describeNodeFault(
	node: string,
	name: NodeFaultName | 'link',
	options: Record<string, unknown>,
): string {
	return name === 'link' ? nodeFaults.link.what(options) : `${node}: ${nodeFaults[name].what(options)}`;
}
