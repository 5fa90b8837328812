import test from 'ava';
import type {Machine} from '../machine/index.ts';
import {parseBalancers, parseMarks, readBalancerOf} from './balancer.ts';

// As ipvsadm 1.31 prints them in the namespace of an overlay.
const table = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
FWM  256 rr
  -> 10.200.1.4:0                 Masq    1      0          5
  -> 10.200.1.3:0                 Masq    0      0          0
FWM  257 rr
`;

const stats = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
FWM  256                                31      186      124    12090    19561
  -> 10.200.1.4:0                       16       96       64     6240    10096
  -> 10.200.1.3:0                       15       90       60     5850     9465
FWM  257                                 0        0        0        0        0
`;

test('weights and counters of each backend are read', t => {
	t.deepEqual(parseBalancers(table, stats), [
		{
			mark: 256,
			scheduler: 'rr',
			backends: [
				{address: '10.200.1.4', weight: 1, connections: 16},
				{address: '10.200.1.3', weight: 0, connections: 15},
			],
		},
		{mark: 257, scheduler: 'rr', backends: []},
	]);
});

test('a place that is not there has no balancer', t => {
	t.deepEqual(parseBalancers('', ''), []);
});

test('the mark of a virtual address is found where each engine puts it', t => {
	const rules = `-P INPUT ACCEPT
-A INPUT -d 10.200.1.2/32 -j MARK --set-xmark 0x100/0xffffffff
-A OUTPUT -d 10.200.1.6/32 -j MARK --set-xmark 0x10a/0xffffffff
-A POSTROUTING -d 10.200.1.9/32 -j ACCEPT`;
	t.deepEqual(
		[...parseMarks(rules)],
		[
			['10.200.1.2', 256],
			['10.200.1.6', 266],
		],
	);
});

test('a table is asked for only where the kernel has it already, and is empty elsewhere', async t => {
	const commands: string[] = [];
	// A node on which nothing is loaded says this much.
	const exec = async (command: string) => {
		commands.push(command);
		return {exitCode: 0, stdout: '--\n', stderr: ''};
	};
	const machine = {name: 'm1', exec} as unknown as Machine;
	t.is(await readBalancerOf(machine, {ingress: true}, '10.200.0.2'), undefined);
	t.is(await readBalancerOf(machine, {network: 'kiw9vmczgabc'}, '10.200.1.2'), undefined);
	t.is(commands.length, 2);
	for (const command of commands) {
		const unguarded = command
			.replace(/if \[ -e \/proc\/net\/ip_vs \]; then [^']*; fi/, '')
			.replace(/\{ grep -qs \^mangle [^}]*\} && iptables -w 10 -t mangle -S/, '');
		t.notRegex(unguarded, /ipvsadm|iptables/);
	}
});
