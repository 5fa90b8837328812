import test from 'ava';
import {parseBalancers, parseMarks} from './balancer.ts';

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
