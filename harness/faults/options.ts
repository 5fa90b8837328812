/** Options that several faults in nodes have. */
import {z} from 'zod';

/** An object of which one property counts. */
const objectWith = <Key extends string>(key: Key) =>
	z.custom<{readonly [Name in Key]: string}>(
		value => typeof value === 'object' && value !== null && typeof (value as Record<Key, unknown>)[key] === 'string',
		`neither a text nor an object with ${key}`,
	);

/** A name, or an object with a name: a machine. */
const named = z.union([z.string().min(1), objectWith('name').transform(({name}) => name)]);
/** An id, a name, or an object with an id: a network. */
const identified = z.union([z.string().regex(/^[\w.-]+$/), objectWith('id').transform(({id}) => id)]);

export const port = z.coerce.number().int().min(1).max(65_535);
export const ipv4 = z.ipv4();
const device = z.string().regex(/^[\w.-]{1,15}$/);
export const count = z.coerce.number().int().min(0);

export const network = identified.default('ingress').describe('an overlay network, by name or id, or `ingress`');
export const peer = named.optional().describe('only what concerns this node; default: all other nodes');
export const vxlanPort = port.default(4789).describe('port of VXLAN');
export const cardOrLan = device.optional().describe("name of a card; default: the LAN's");
export const noOptions = z.strictObject({});
