/** The form of a fault, as it comes from another process. */
import {z} from 'zod';
import {listed, UsageError} from '../../errors.ts';
import type {Fault} from '../../model/index.ts';
import {nearest} from '../../nearest.ts';

const names = z.array(z.string().min(1)).min(1);
const percent = z.number().min(0).max(100);
const seed = z.int().optional();
/** A day: a frame that is later than this does not come. */
const ms = z.number().min(0).max(86_400_000);
const port = z.int().min(1).max(65_535);

const schema: z.ZodType<Fault> = z.strictObject({
	match: z
		.strictObject({
			from: names.optional(),
			to: names.optional(),
			bothWays: z.boolean().optional(),
			at: names.optional(),
			unheard: z.record(z.string(), z.array(z.string())).optional(),
			protocol: z.union([z.enum(['tcp', 'udp', 'icmp', 'arp', 'esp']), z.int().min(0).max(255)]).optional(),
			port: port.optional(),
			sourcePort: port.optional(),
			largerThanBytes: z.int().min(0).optional(),
		})
		.refine(
			({protocol, port, sourcePort}) =>
				(port === undefined && sourcePort === undefined) || protocol === 'tcp' || protocol === 'udp',
			'a port needs the protocol tcp or udp',
		),
	action: z.discriminatedUnion('do', [
		z.strictObject({do: z.literal('drop')}),
		z.strictObject({do: z.literal('lose'), percent, seed}),
		z.strictObject({do: z.literal('delay'), ms, jitterMs: ms.optional(), seed}),
		z.strictObject({
			do: z.literal('rate'),
			kbitPerSecond: z.number().positive(),
			queueBytes: z.int().positive().optional(),
		}),
		z.strictObject({do: z.literal('duplicate'), percent, seed}),
		z.strictObject({do: z.literal('reorder'), percent, ms, seed}),
		z.strictObject({do: z.literal('corrupt'), percent, seed}),
	]),
});

/** Returns the fault. Throws UsageError if it is none, or names a node that the LAN does not have. */
export function parseFault(value: unknown, nodes: readonly string[]): Fault {
	const {success, data, error} = schema.safeParse(value);
	if (!success) {
		throw new UsageError(
			listed(
				error.issues.map(({path, message}) => `${path.join('.')}: ${message}`),
				'This is no fault:',
			),
			{remedy: 'docs/faults.md shows what a fault may be.'},
		);
	}

	const {from = [], to = [], at = [], unheard = {}} = data.match;
	for (const name of [...from, ...to, ...at, ...Object.keys(unheard), ...Object.values(unheard).flat()]) {
		requireNode(name, nodes);
	}

	return data;
}

/** Throws UsageError, with the nearest name, if there is no such node. */
export function requireNode(name: string, nodes: readonly string[]): void {
	if (!nodes.includes(name)) {
		const [near] = nearest(name, nodes, 1);
		throw new UsageError(`There is no node '${name}' on the LAN.${near ? ` Did you mean '${near}'?` : ''}`, {
			remedy: `The nodes are: ${nodes.join(', ')}.`,
		});
	}
}
