/** Faults of a node's settings: sysctls, cards, addresses, routes, resolver. */
import {z} from 'zod';
import {nodeFault} from './node-fault.ts';
import {cardOrLan, ipv4, network, peer, port, vxlanPort} from './options.ts';

/** A setting in the namespace of a network's balancer. */
const ofBalancer = (name: string, value: string, about: string) =>
	nodeFault({
		about: `${about} Undo restores the value.`,
		options: z.strictObject({network}),
		what: ({network}) => `${name} is ${value} in the balancer of ${network}`,
		script: 'set-sysctl',
		set: {name, value, in: 'balancer'},
	});

export const settingFaults = {
	'set-sysctl': nodeFault({
		about: "A kernel setting has another value, on the node or in a network's namespace. Undo restores the value.",
		options: z.strictObject({
			name: z
				.string()
				.regex(/^[a-z][\w./-]*$/)
				.describe('such as net.ipv4.ip_forward'),
			value: z.coerce.string().regex(/^[\w .:/-]+$/),
			network: network.unwrap().optional().describe("a network: its namespace instead of the node's own"),
			in: z.enum(['balancer', 'overlay']).default('balancer').describe("which of the network's namespaces"),
		}),
		what: ({name, value, network, in: space}) =>
			`${name} is ${value}${network ? ` in the ${space} of ${network}` : ''}`,
		// Other settings are the kernel's, whatever the namespace.
		needs: ({name}) => (/^net[./]/.test(name) ? undefined : 'machine'),
		script: 'set-sysctl',
	}),
	'reuse-connections': ofBalancer(
		'net.ipv4.vs.conn_reuse_mode',
		'1',
		'The balancer treats a source port that is used again as a new connection.',
	),
	'stop-forwarding': ofBalancer('net.ipv4.ip_forward', '0', 'The balancer of a network forwards nothing.'),
	'untrack-connections': ofBalancer(
		'net.ipv4.vs.conntrack',
		'0',
		'The balancer does not track connections, which source NAT needs.',
	),
	'set-mtu': nodeFault({
		about: 'A card has another MTU. Undo restores it.',
		options: z.strictObject({mtu: z.coerce.number().int().min(68).max(65_535), device: cardOrLan}),
		what: ({mtu, device}) => `the MTU of ${device ?? "the LAN's card"} is ${mtu}`,
		script: 'set-mtu',
	}),
	'interface-down': nodeFault({
		about: 'A card is down, as the node sees it. Undo brings it up with its routes.',
		options: z.strictObject({device: cardOrLan}),
		what: ({device}) => `${device ?? "the LAN's card"} is down`,
		script: 'interface-down',
	}),
	'duplicate-address': nodeFault({
		about: 'The node has the address of another node, too, and announces it. Undo removes the address.',
		options: z.strictObject({peer}),
		what: ({peer}) => `it has the address of ${peer ?? 'another node'}, too`,
		script: 'duplicate-address',
	}),
	'set-resolver': nodeFault({
		about: 'resolv.conf names another server. Undo restores its text.',
		options: z.strictObject({nameserver: ipv4.default('192.0.2.53')}),
		what: ({nameserver}) => `resolv.conf names ${nameserver}`,
		script: 'set-resolver',
	}),
	'add-route': nodeFault({
		about: "A route leads packets for a range to the LAN: a range of Docker's pools, for example. Undo removes it.",
		options: z.strictObject({
			to: z.cidrv4().default('10.200.0.0/16').describe("a range; default: the pool of swarmlab's swarms"),
			via: ipv4.optional(),
		}),
		what: ({to, via}) => `a route leads to ${to}${via ? ` by ${via}` : ''}`,
		script: 'add-route',
	}),
	'change-vtep-source': nodeFault({
		about: 'What the node sends to others comes from an address that the swarm does not know. Undo removes it.',
		options: z.strictObject({
			source: ipv4.optional().describe('default: the address of the LAN that ends with 250'),
			peer,
		}),
		what: ({source, peer}) =>
			`what it sends to ${peer ?? 'others'} comes from ${source ?? "an address that is not the swarm's"}`,
		script: 'change-vtep-source',
	}),
	'take-vxlan-port': nodeFault({
		about: 'Another program has the port of VXLAN. The engine restarts for it, and again at undo.',
		options: z.strictObject({port: vxlanPort}),
		what: ({port}) => `another program has udp/${port}`,
		script: 'take-vxlan-port',
	}),
	'move-vxlan-port': nodeFault({
		about: 'VXLAN that comes in goes to another port, as if the node listened there. Undo removes our own table.',
		options: z.strictObject({port: vxlanPort, to: port.default(8472)}),
		what: ({port, to}) => `VXLAN for udp/${port} goes to ${to}`,
		script: 'move-vxlan-port',
	}),
	'take-vni': nodeFault({
		about: 'A device of the node has the number (VNI) of an overlay that does not exist yet. Undo removes it.',
		options: z.strictObject({vni: z.coerce.number().int().min(1).max(16_777_215), port: vxlanPort}),
		what: ({vni}) => `a device has the VNI ${vni}`,
		script: 'take-vni',
	}),
};
