/** Faults of what the engine has put into the kernel for overlays: balancer, FDB, neighbours, keys. */
import {z} from 'zod';
import {nodeFault} from './node-fault.ts';
import {ipv4, network, peer, port} from './options.ts';

export const overlayFaults = {
	'add-backend': nodeFault({
		about: 'A balancer sends to a backend, too, that does not exist. Undo removes the row.',
		options: z.strictObject({
			network,
			backend: ipv4.optional().describe('its address; default: the one of the same range that ends with 250'),
			vip: ipv4.optional().describe('only for this virtual address; default: all of the network'),
			port: port.optional().describe('only for this published port, where the network is ingress'),
		}),
		what: ({network, backend, vip, port}) =>
			`the balancer of ${network} has the stale backend ${backend ?? 'of an address that nothing has'}${vip ? ` for ${vip}` : ''}${port ? ` for port ${port}` : ''}`,
		script: 'add-backend',
	}),
	'remove-backend': nodeFault({
		about: 'A balancer does not send to a backend that exists. Undo puts the row back.',
		options: z.strictObject({
			network,
			backend: ipv4.optional().describe('its address; default: the last one of each virtual address'),
		}),
		what: ({network, backend}) => `the balancer of ${network} lacks ${backend ?? 'one backend of each address'}`,
		script: 'remove-backend',
	}),
	'remove-fdb-rows': nodeFault({
		about: 'An overlay does not know at which node tasks are. Undo puts the rows back.',
		options: z.strictObject({network, peer}),
		what: ({network, peer}) => `the overlay of ${network} has no FDB rows for ${peer ?? 'other nodes'}`,
		script: 'fdb-rows',
		set: {how: 'remove'},
	}),
	'misdirect-fdb-rows': nodeFault({
		about: 'An overlay sends to a wrong VTEP. Undo puts the rows back.',
		options: z.strictObject({
			network,
			peer,
			vtepInstead: ipv4.optional().describe('default: the address of the LAN that ends with 254'),
		}),
		what: ({network, peer}) => `the overlay of ${network} has a wrong VTEP for ${peer ?? 'other nodes'}`,
		script: 'fdb-rows',
		set: {how: 'misdirect'},
	}),
	'remove-neighbours': nodeFault({
		about: 'An overlay does not answer ARP for tasks on other nodes. Undo puts the rows back.',
		options: z.strictObject({network, peer, only: ipv4.optional().describe('only the row of this address')}),
		what: ({network, peer}) => `the overlay of ${network} has no neighbours on ${peer ?? 'other nodes'}`,
		script: 'neighbours',
		set: {how: 'remove'},
	}),
	'misdirect-neighbours': nodeFault({
		about: 'An overlay answers ARP with a wrong MAC. Undo puts the rows back.',
		options: z.strictObject({network, peer, only: ipv4.optional().describe('only the row of this address')}),
		what: ({network, peer}) => `the overlay of ${network} has wrong MACs for ${peer ?? 'other nodes'}`,
		script: 'neighbours',
		set: {how: 'misdirect'},
	}),
	'remove-spi': nodeFault({
		about: 'A key of encrypted overlays is gone on one end. Undo puts the state back.',
		options: z.strictObject({peer, direction: z.enum(['in', 'out', 'both']).default('out')}),
		what: ({peer, direction}) => `the keys (${direction}) for ${peer ?? 'other nodes'} are removed`,
		script: 'remove-spi',
	}),
};
