/** The faults that bench/node-faults.ts tries, with their options: those that restart something come last. */
import type {NodeFaultName} from '../harness/faults/table.ts';

export type FaultCase = [
	fault: NodeFaultName,
	given: {
		options: object;
		/** The engine needs some time until all is as before. */
		settles: boolean;
	},
];

export function faultCases({vip}: {vip: string}): FaultCase[] {
	const atOnce: [NodeFaultName, object][] = [
		['set-sysctl', {name: 'net.ipv4.ip_forward', value: 0}],
		['set-sysctl', {name: 'vm.swappiness', value: 10}],
		['reuse-connections', {network: 'plain'}],
		['stop-forwarding', {network: 'plain'}],
		['untrack-connections', {}],
		['set-mtu', {mtu: 1400}],
		['interface-down', {}],
		['duplicate-address', {}],
		['set-resolver', {}],
		['add-route', {}],
		['change-vtep-source', {}],
		['move-vxlan-port', {}],
		['take-vni', {vni: 5000}],
		['drop-packets', {protocol: 'udp', port: 4789}],
		['drop-packets', {protocol: 'esp', direction: 'both'}],
		['drop-packets', {protocol: 'udp', port: 4789, largerThan: 1400, peer: 'm1'}],
		['default-drop', {}],
		['default-drop', {chain: 'FORWARD'}],
		['add-rule', {}],
		['flush-chain', {table: 'nat', chain: 'DOCKER-INGRESS'}],
		['flush-chain', {chain: 'FORWARD'}],
		['mix-packet-filters', {}],
		['add-backend', {network: 'plain', vip}],
		['add-backend', {port: 8080}],
		['remove-backend', {network: 'plain'}],
		['remove-fdb-rows', {network: 'plain', peer: 'm1'}],
		['misdirect-fdb-rows', {network: 'ingress'}],
		['remove-neighbours', {network: 'plain'}],
		['misdirect-neighbours', {network: 'plain', peer: 'm1'}],
		['remove-spi', {direction: 'both'}],
		['pause-engine', {}],
		['pause-containerd', {}],
		['fill-disk', {}],
		['fill-memory', {leaveMib: 40}],
		['step-clock', {seconds: 300}],
		['step-clock', {seconds: -90}],
		['withhold-module', {module: 'dummy'}],
		['pause', {}],
	];
	const withTime: [NodeFaultName, object][] = [
		['stop-containerd', {}],
		['kill-containerd', {}],
		['stop-engine', {}],
		['kill-engine', {}],
		['configure-engine', {settings: {debug: true}}],
		['take-vxlan-port', {}],
		['reboot', {}],
		['power-off', {}],
	];
	return [
		...atOnce.map(([fault, options]): FaultCase => [fault, {options, settles: false}]),
		...withTime.map(([fault, options]): FaultCase => [fault, {options, settles: true}]),
	];
}
