import test from 'ava';
import {explain, UsageError} from '../errors.ts';
import {
	describeNodeFault,
	type NodeFaultName,
	nodeFaultNames,
	nodeFaults,
	parseOptions,
	requireNodeFault,
} from './table.ts';

const described: [name: NodeFaultName, options: object, what: string][] = [
	['stop-engine', {}, 'w1: dockerd is stopped'],
	['power-off', {}, 'w1: its power is off'],
	['step-clock', {seconds: '-90'}, 'w1: its clock is 90 s behind'],
	['set-mtu', {mtu: 1400}, "w1: the MTU of the LAN's card is 1400"],
	['set-sysctl', {name: 'net.ipv4.ip_forward', value: 0}, 'w1: net.ipv4.ip_forward is 0'],
	[
		'reuse-connections',
		{network: {id: 'abc', name: 'net'}},
		'w1: net.ipv4.vs.conn_reuse_mode is 1 in the balancer of abc',
	],
	[
		'drop-packets',
		{protocol: 'udp', port: '4789', peer: {name: 'm1'}},
		'w1: udp to port 4789 from or to m1 is dropped by its packet filter (in)',
	],
	[
		'drop-packets',
		{largerThan: 1400, direction: 'both'},
		'w1: everything larger than 1400 bytes is dropped by its packet filter (in and out)',
	],
	[
		'add-backend',
		{port: 8080},
		'w1: the balancer of ingress has the stale backend of an address that nothing has for port 8080',
	],
	['configure-engine', {settings: {mtu: 1400}}, 'w1: dockerd runs with {"mtu":1400}'],
];

for (const [name, options, what] of described) {
	test(`${name} ${JSON.stringify(options)}: ${what}`, t => {
		t.is(describeNodeFault('w1', name, parseOptions(name, options)), what);
	});
}

const wrong: [name: NodeFaultName, options: object, message: RegExp][] = [
	['set-mtu', {}, /no options of set-mtu:\n.*mtu: .*\n.*It takes: mtu, device/],
	['set-mtu', {mtu: 1400, devise: 'eth1'}, /devise.*Did you mean 'device'\?/],
	['stop-engine', {hard: true}, /hard.*\n.*It takes none/],
	['set-sysctl', {name: 'net; rm -rf /', value: 1}, /name/],
	['drop-packets', {port: 4789}, /a port needs the protocol tcp or udp/],
	['add-rule', {rule: '-j DROP; reboot'}, /rule/],
	['step-clock', {seconds: 'soon'}, /seconds/],
	['add-route', {to: '10.200.0.0'}, /to/],
];

for (const [name, options, message] of wrong) {
	test(`${name} ${JSON.stringify(options)} is refused, with what it takes`, t => {
		const error = t.throws(() => parseOptions(name, options), {instanceOf: UsageError});
		t.regex(explain(error), message);
	});
}

test('an unknown fault is named with the nearest', t => {
	const error = t.throws(() => requireNodeFault('stop-engin'), {instanceOf: UsageError});
	t.regex(explain(error), /no fault 'stop-engin'\. Did you mean 'stop-engine'\?\n.*kill-engine/s);
});

test('every fault says what it does in one sentence, and either has a script or is about power', t => {
	for (const name of nodeFaultNames) {
		const {about, script, power} = nodeFaults[name];
		t.regex(about, /^[A-Za-z].*\.$/s, name);
		t.not(script === undefined, power === undefined, name);
	}
});

test('settings of the engine are added to those that it has; null removes one', t => {
	const {merge} = nodeFaults['configure-engine'];
	const merged = merge!({settings: {debug: true, mtu: null}}, '{"mtu": 1400, "storage-driver": "overlay2"}').merged;
	t.deepEqual(JSON.parse(merged!), {'storage-driver': 'overlay2', debug: true});
	t.throws(() => merge!({settings: {debug: true}}, 'no JSON'), {instanceOf: UsageError, message: /is no JSON/});
});
