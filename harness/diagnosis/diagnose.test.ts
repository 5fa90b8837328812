/**
 * All fixtures are real evidence of three nodes under emulation, kernel 6.1, engine 20.10.24 (`forward-flushed`: 28.5.2), with a
 * service on an overlay and in the routing mesh. `lost-each-other` was taken on a host with twenty times more load than CPUs, the others on a quiet one, with
 * the fault of their name put in by hand. `healthy()` is `lost-each-other` with the four rows that one node had lost, and without
 * its log lines. Each case then changes the lines that its fault changes.
 */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync} from 'node:zlib';
import test from 'ava';
import type {Evidence, EvidenceSection} from '../model/index.ts';
import {diagnose, signatures} from './diagnose.ts';
import {hosts} from './signatures/hosts.ts';
import {viewOf} from './view.ts';

const fixture = (name: string): Evidence =>
	JSON.parse(gunzipSync(readFileSync(path.join(import.meta.dirname, `fixtures/${name}.json.gz`))).toString());

const lostEachOther = () => fixture('lost-each-other');

/** The tasks of m1 on both networks, which w2 did not know of. */
const lost: [network: string, address: string, hardware: string][] = [
	['1-9vdmkl5ffk', '10.200.0.7', '02:42:0a:c8:00:07'],
	['1-kj44q3622l', '10.200.1.4', '02:42:0a:c8:01:04'],
];

function healthy(): Evidence {
	const evidence = change(lostEachOther(), 'w2', ['overlay', 'overlay-after'], (text, {namespace}) => {
		const rows = lost.filter(([network]) => network === namespace);
		const lines = rows.map(
			([, ip, mac]) => `${mac} dst 10.99.0.1 link-netnsid 0 self permanent\n${ip} lladdr ${mac} PERMANENT\n`,
		);
		return lines.join('') + text;
	});
	return change(evidence, undefined, ['dockerd-log'], text =>
		text.replace(/^.*(NodeFailed|memberlist|connectivity).*\n/gm, ''),
	);
}

test('real evidence of nodes that lost each other on a busy host', t => {
	const {causes, disagreements} = diagnose(lostEachOther());
	t.deepEqual(
		causes.map(({id, nodes}) => [id, nodes]),
		[['gossip-lost', ['w2']]],
	);
	t.deepEqual(
		disagreements.map(({says}) => says),
		[
			'w2 has no neighbour row for 10.200.0.7 on network ingress, a task on 10.99.0.1',
			'w2 has no neighbour row for 10.200.1.4 on network net1, a task on 10.99.0.1',
		],
	);
	t.true(causes[0]!.lines.some(({text}) => text.includes('Marking 1eeb26a09909 as failed')));
});

for (const [name, named] of Object.entries({
	healthy: [],
	'stale-backend': [['stale-backend', 'm1']],
	'vxlan-dropped': [['vxlan-dropped-by-node', 'w1']],
	'fdb-row-deleted': [['forward-row-missing', 'w2']],
	'forward-flushed': [['no-jump-to-mesh', 'w1']],
})) {
	test(`real evidence, ${name}: named is ${named.map(([id]) => id).join() || 'nothing'}`, t => {
		const {causes} = diagnose(fixture(name));
		t.deepEqual(
			causes.map(({id, nodes}) => [id, ...nodes]),
			named,
		);
	});
}

const address = {m1: '10.99.0.1', w1: '10.99.0.2', w2: '10.99.0.3'};

test('nothing is named on a healthy cell, and every node has what the managers report', t => {
	const {causes, disagreements, ruledOut, sentence} = diagnose(healthy());
	t.deepEqual(causes, []);
	t.deepEqual(disagreements, []);
	t.true(ruledOut.length > 10, String(ruledOut.length));
	t.regex(sentence, /^No known cause shows/);
});

test('the healthy cell is seen in full: rows, tasks, packets and counters', t => {
	const {nodes, tasks, members, services} = viewOf(healthy());
	t.deepEqual(
		nodes.map(({name}) => name),
		['m1', 'w1', 'w2'],
	);
	t.true(tasks!.filter(({state}) => state === 'running').length >= 3);
	t.deepEqual(
		members!.map(each => each.state),
		['ready', 'ready', 'ready'],
	);
	t.true(services!.some(({ports}) => ports.includes('tcp 8080')));
	for (const node of nodes) {
		t.true(
			node.balancers.some(({backends}) => backends.length >= 3),
			node.name,
		);
		t.true(
			node.overlays.every(({device}) => device?.up && device.vni! >= 4096 && device.port === 4789),
			node.name,
		);
		t.true(node.pings.length >= 4 && node.pings.every(({received}) => received > 0), node.name);
		t.true(node.rise('UdpInDatagrams')! > 0, node.name);
		t.true(
			node.networks.every(({peers}) => peers.length === 3),
			node.name,
		);
	}
});

/** What the engine 28.5.2 has in the nat table of a container, as iptables-save prints it. */
const nameRules = `*nat
:OUTPUT ACCEPT [12:720]
:DOCKER_OUTPUT - [0:0]
[4:196] -A OUTPUT -d 127.0.0.11/32 -j DOCKER_OUTPUT
[4:196] -A POSTROUTING -d 127.0.0.11/32 -j DOCKER_POSTROUTING
[0:0] -A DOCKER_OUTPUT -d 127.0.0.11/32 -p tcp -m tcp --dport 53 -j DNAT --to-destination 127.0.0.11:34819
[4:196] -A DOCKER_OUTPUT -d 127.0.0.11/32 -p udp -m udp --dport 53 -j DNAT --to-destination 127.0.0.11:35411
[0:0] -A DOCKER_POSTROUTING -s 127.0.0.11/32 -p tcp -m tcp --sport 34819 -j SNAT --to-source :53
[0:0] -A DOCKER_POSTROUTING -s 127.0.0.11/32 -p udp -m udp --sport 35411 -j SNAT --to-source :53
COMMIT
`;

type Change = (text: string, section: EvidenceSection) => string;

/** Changes the outputs of a probe, also where it was read again. */
function change(evidence: Evidence, node: string | undefined, probes: string[], by: Change): Evidence {
	let changed = false;
	for (const section of evidence.sections) {
		if ((node === undefined || section.node === node) && probes.includes(section.probe)) {
			const text = by(section.text, section);
			changed ||= text !== section.text;
			section.text = text;
		}
	}

	if (!changed) {
		throw new Error(`nothing of ${probes.join(', ')} was changed`);
	}

	return evidence;
}

/** Packets to or from a node get no answer: all of them, or only the large ones. */
const unanswered = (evidence: Evidence, peer: keyof typeof address, large = false, network = '') =>
	change(evidence, undefined, ['path'], (text, {node}) =>
		text
			.split('\n')
			.map(line => {
				const isOf = line.startsWith(network) && (node === peer || line.includes(` ${address[peer]} `));
				return isOf && (!large || !line.includes(' 56: ')) ? line.replace(/\d+ received/, '0 received') : line;
			})
			.join('\n'),
	);

/** Connections on overlays came to this, where no echo request was answered. */
const connecting = (evidence: Evidence, said: string) =>
	change(evidence, undefined, ['path'], text =>
		text.replace(/^(\S+ \S+ [\d.]+ \S+) 56: .* 0 received.*$/gm, `$&\n$1 tcp: ${said}`),
	);

/** Probes by udp of w2 had no answer, and those by tcp had, so many seconds before m1 was read. */
const onlyByTcp = (evidence: Evidence, secondsAgo: number[], said = 'connect to NODE over TCP but UDP probes failed') =>
	change(evidence, 'm1', ['dockerd-log'], text => {
		const [, name] = /"Name": "([0-9a-f]{12})",\s*"IP": "10\.99\.0\.3"/.exec(networksOf(evidence))!;
		const {startedAt} = evidence.index.nodes.find(each => each.name === 'm1')!;
		const lines = secondsAgo.map(seconds => {
			const time = new Date((startedAt! - seconds) * 1000).toISOString();
			return `time="${time}" level=warning msg="memberlist: Was able to ${said.replace('NODE', name!)}, network may be misconfigured"\n`;
		});
		return text + lines.join('');
	});

/** How one node reaches another one on the LAN. */
interface LanLines {
	echo: string;
	gossip: string;
	control: string;
}

const wellOnLan: LanLines = {
	echo: '6 packets transmitted, 6 received, 0% packet loss, time 1005ms rtt min/avg/max/mdev = 2.1/3.2/5.9/1.1 ms',
	gossip: 'open',
	control: 'open',
};
const silentOnLan: LanLines = {
	echo: '6 packets transmitted, 0 received, 100% packet loss, time 1019ms ',
	gossip: 'no answer',
	control: 'no answer',
};

/** Evidence in which the nodes have tried each other on the LAN: well, unless `by` tells otherwise for a path. */
const onLan = (
	evidence: Evidence,
	by: (from: string, to: string) => Partial<LanLines> | undefined = () => undefined,
): Evidence =>
	change(evidence, undefined, ['path'], (text, {node}) => {
		const lines = Object.entries(address)
			.filter(([name]) => name !== node)
			.map(([name, ip]) => {
				const {echo, gossip, control} = {...wellOnLan, ...by(node, name)};
				const manager = name === 'm1' ? `lan ${ip} 2377: ${control}\n` : '';
				return `lan ${ip} icmp: PING ${ip} (${ip}) 56(84) bytes of data.  --- ${ip} ping statistics --- ${echo}\nlan ${ip} 7946: ${gossip}\n${manager}`;
			});
		return lines.join('') + text;
	});

/** The same for all paths to and from w2. */
const atW2 = (lines: Partial<LanLines>) => (from: string, to: string) =>
	[from, to].includes('w2') ? lines : undefined;

/** A rule of w1 that has dropped so many packets before the nodes sent some to each other, and after. */
const dropRule = (evidence: Evidence, rule: string, counts: [before: number, after: number] = [29, 41]) =>
	change(
		evidence,
		'w1',
		['packet-filter', 'packet-filter-after'],
		(text, {probe}) =>
			`*raw\n[${counts[probe === 'packet-filter' ? 0 : 1]}:1714] -A PREROUTING ${rule} -j DROP\nCOMMIT\n${text}`,
	);

/** A rule of w1 that has dropped packets while the nodes sent some to each other. */
const droppingMeanwhile = (evidence: Evidence, rule: string) =>
	change(evidence, 'w1', ['packet-filter', 'packet-filter-after'], (text, {probe}) =>
		text.replace(/^:DOCKER-USER .*\n/m, `$&[${probe === 'packet-filter' ? 7 : 19}:840] ${rule}\n`),
	);

/** w1 does not have w2 among the peers of its networks. */
const withoutW2 = (evidence: Evidence) =>
	change(evidence, 'w1', ['networks'], text =>
		text
			.replace(new RegExp(`,?\\s*\\{\\s*"Name": "[0-9a-f]+",\\s*"IP": "${address.w2}"\\s*\\}`, 'g'), '')
			.replace(/\[\s*,/g, '['),
	);

const networksOf = ({sections}: Evidence) =>
	sections.find(each => each.node === 'm1' && each.probe === 'networks')!.text;

const both = (probe: string) => [probe, `${probe}-after`];

const cases: [fault: string, id: string, apply: (evidence: Evidence) => Evidence, nodes?: string[]][] = [
	[
		'a rule of a node drops udp/4789',
		'vxlan-dropped-by-node',
		e => unanswered(dropRule(e, '-p udp -m udp --dport 4789'), 'w1'),
	],
	['udp/4789 is lost between the nodes', 'vxlan-dropped-between-nodes', e => unanswered(e, 'w1')],
	[
		'a rule of a node drops long packets',
		'mtu-by-node',
		e => unanswered(dropRule(e, '-p udp -m udp --dport 4789 -m length --length 1400:65535'), 'w1', true),
	],
	['long packets are lost between the nodes', 'mtu-of-path', e => unanswered(e, 'w1', true)],
	[
		'a card had a smaller MTU some minutes ago',
		'mtu-remembered',
		e =>
			change(e, 'w1', ['path'], text =>
				text.replace(
					/^(.* 14\d\d: )(PING.*?)( --- .*) 2 packets transmitted, \d received,/gm,
					'$1ping: local error: message too long, mtu=1350 $2$3 2 packets transmitted, 0 received, +2 errors,',
				),
			),
		['w1'],
	],
	[
		'a balancer has a backend that is no task',
		'stale-backend',
		e =>
			change(e, 'm1', both('balancer'), text =>
				text.replace(/^FWM .*$/m, '$&\n  -> 0AC801FA:0000      Masq    1      0          0         '),
			),
	],
	[
		'a task is in no balancer of a node',
		'backend-missing',
		e => change(e, 'w2', both('balancer'), text => text.replace(/^ +-> 0AC801\w\w:0000 .*\n/m, '')),
	],
	[
		'the virtual address of a balancer could not be given to a second one',
		'backend-refused-by-alias',
		e =>
			change(
				change(e, 'w2', both('balancer'), text => text.replace(/^ +-> 0AC801\w\w:0000 .*\n/m, '')),
				'w2',
				['dockerd-log'],
				text =>
					`${text}time="2026-11-26T23:55:00Z" level=error msg="Failed add IP alias 10.200.0.5 to network ncv6plfohfswzc2ujp2mjwdag LB endpoint interface eth0: file exists"\n`,
			),
	],
	[
		'a node has no forwarding rows',
		'forward-row-missing',
		e => change(e, 'w2', both('overlay'), text => text.replace(/^.* dst 10\.99.*\n/gm, '')),
	],
	[
		'a node has forwarding rows that its kernel has learned',
		'forward-row-learned',
		e => change(e, 'w2', both('overlay'), text => text.replace(/^(.* dst 10\.99.* self) permanent/gm, '$1')),
		['w2'],
	],
	[
		'a forwarding row leads to another node',
		'forward-row-wrong',
		e => change(e, 'w2', both('overlay'), text => text.replaceAll(`dst ${address.w1}`, `dst ${address.m1}`)),
	],
	[
		'ip_forward is 0 in a balancer',
		'balancer-does-not-forward',
		e => change(e, 'w1', ['balancer'], text => text.replace('ip_forward:1', 'ip_forward:0')),
	],
	[
		'ip_forward is 0 on a node',
		'node-does-not-forward',
		e => change(e, 'w1', ['sysctl'], text => text.replace('ip_forward:1', 'ip_forward:0')),
	],
	[
		'DOCKER-INGRESS was flushed',
		'mesh-rules-missing',
		e => change(e, 'w2', both('packet-filter'), text => text.replace(/^.*-A DOCKER-INGRESS .*DNAT.*\n/gm, '')),
	],
	[
		'a rule drops before Docker is asked',
		'dropped-before-docker',
		e =>
			change(e, 'w1', both('packet-filter'), text =>
				text.replace(/^(?=\[.*-A FORWARD)/m, '[7:420] -A FORWARD -j DROP\n'),
			),
	],
	[
		'gossip is cut',
		'gossip-blocked',
		e =>
			change(e, 'w2', ['networks'], text =>
				text
					.replace(new RegExp(`,?\\s*\\{\\s*"Name": "[0-9a-f]+",\\s*"IP": "${address.w1}"\\s*\\}`, 'g'), '')
					.replace(/\[\s*,/g, '['),
			),
	],
	['tcp/7946 of a node is cut now', 'gossip-blocked', e => onLan(withoutW2(e), atW2({gossip: 'no answer'})), ['w2']],
	['tcp/7946 is cut, and what tried it printed nothing', 'gossip-blocked', e => onLan(e, atW2({gossip: ''})), ['w2']],
	['udp/7946 of a node is cut', 'gossip-blocked', e => onlyByTcp(onLan(e), [9, 8])],
	['nodes had lost each other, and nothing is cut now', 'gossip-lost', e => onLan(withoutW2(e))],
	[
		'the card of a node does not use ARP, and the node is cut off',
		'arp-off',
		e =>
			change(onLan(unanswered(withoutW2(e), 'w2'), atW2(silentOnLan)), 'w2', ['addresses'], text =>
				text.replace(/^(3: eth1: <BROADCAST,MULTICAST,)/m, '$1NOARP,'),
			),
		['w2'],
	],
	[
		'a node answers no ARP',
		'arp-off',
		e => change(e, 'w2', ['sysctl'], text => `${text}\n/proc/sys/net/ipv4/conf/all/arp_ignore:8\n`),
		['w2'],
	],
	[
		'a card in a container loses packets',
		'traffic-control-inside',
		e => change(e, 'w1', ['container-network'], text => text.replace(/^(\d+: eth1@.* qdisc )noqueue/m, '$1netem')),
		['w1'],
	],
	[
		'a container discards what is for its network',
		'route-inside-wrong',
		e =>
			change(e, 'w1', ['container-network'], text =>
				text.replace(/^10\.200\.1\.0\/24 dev .*$/m, 'blackhole 10.200.1.0/24'),
			),
		['w1'],
	],
	[
		'a balancer has no route to its network',
		'route-inside-wrong',
		e => change(e, 'w1', ['balancer'], text => `${text}\n== route\n`),
		['w1'],
	],
	[
		'a container was taken off the network of its task',
		'task-disconnected',
		e => {
			change(e, 'w1', ['networks'], text => text.replace('"IPv4Address": "10.200.1.3/24"', '"IPv4Address": ""'));
			// The others are told that it is gone.
			change(e, undefined, both('balancer'), text => text.replace(/^ +-> 0AC80103:.*\n/gm, ''));
			return change(e, undefined, both('overlay'), text => text.replace(/^10\.200\.1\.3 .*\n/gm, ''));
		},
		['w1'],
	],
	['a node is cut off', 'cut-off', e => onLan(unanswered(withoutW2(e), 'w2'), atW2(silentOnLan)), ['w2']],
	[
		'two nodes are cut off from each other',
		'cut-off',
		e => onLan(e, (from, to) => ([from, to].sort().join() === 'm1,w1' ? silentOnLan : undefined)),
		['m1', 'w1'],
	],
	[
		'a node does not reach the manager',
		'control-blocked',
		e => onLan(e, from => (from === 'w2' ? {control: 'no answer'} : undefined)),
		['w2'],
	],
	['no node reaches the manager', 'control-blocked', e => onLan(e, () => ({control: 'no answer'})), ['m1']],
	['a rule drops tcp/2377', 'control-blocked-by-node', e => onLan(dropRule(e, '-p tcp -m tcp --dport 2377'))],
	['a rule drops ESP', 'esp-dropped-by-node', e => dropRule(e, '-p esp')],
	[
		'the policy of INPUT drops',
		'input-dropped-by-node',
		e =>
			change(
				onLan(unanswered(e, 'w1'), (from, to) => ([from, to].includes('w1') ? silentOnLan : undefined)),
				'w1',
				['packet-filter'],
				text => text.replace(/^:INPUT ACCEPT/m, ':INPUT DROP'),
			),
		['w1'],
	],
	[
		'a part of the packets of a node is lost',
		'packets-lost',
		e => onLan(e, atW2({echo: wellOnLan.echo.replace('6 received, 0%', '4 received, 33%')})),
		['w2'],
	],
	[
		'a part of the packets of a node is lost, on one path only one of them',
		'packets-lost',
		e =>
			onLan(e, (from, to) => {
				const received = `${from} ${to}` === 'm1 w1' ? 5 : [from, to].sort().join() === 'w1,w2' ? 4 : 6;
				return {echo: wellOnLan.echo.replace('6 received', `${received} received`)};
			}),
		['w1'],
	],
	[
		'packets of one node are lost, and two other nodes lose one each by themselves',
		'packets-lost',
		e =>
			onLan(e, (from, to) => {
				const of = {'m1 w2': 199, 'w2 m1': 199, 'm1 w1': 196, 'w1 m1': 195, 'w1 w2': 197, 'w2 w1': 196};
				const received = of[`${from} ${to}` as keyof typeof of];
				return {
					echo: wellOnLan.echo.replace(
						'6 packets transmitted, 6 received',
						`200 packets transmitted, ${received} received`,
					),
				};
			}),
		['w1'],
	],
	[
		'one of a hundred packets of a node is lost',
		'packets-lost',
		e =>
			onLan(e, (from, to) => {
				const received = [from, to].sort().join() === 'm1,w1' ? 200 : from === 'w2' ? 199 : 198;
				return {
					echo: wellOnLan.echo.replace(
						'6 packets transmitted, 6 received',
						`200 packets transmitted, ${received} received`,
					),
				};
			}),
		['w2'],
	],
	[
		'the packets of a node are late',
		'packets-late',
		e => onLan(e, atW2({echo: wellOnLan.echo.replace('= 2.1/', '= 300.4/')})),
		['w2'],
	],
	[
		'packets of a node arrive twice',
		'packets-twice',
		e => onLan(e, atW2({echo: wellOnLan.echo.replace('6 received,', '6 received, +3 duplicates,')})),
		['w2'],
	],
	[
		'packets of a node are changed on the way',
		'packets-corrupted',
		e =>
			change(
				onLan(e, atW2({echo: wellOnLan.echo.replace('6 received, 0%', '4 received, 33%')})),
				'm1',
				['counters-after'],
				text => text.replace(/^(Ip: (?:\d+ ){2}\d+ )(\d+)/m, (_, before, errors) => `${before}${Number(errors) + 3}`),
			),
		['w2'],
	],
	[
		'the card of a container is no port of the bridge of its network',
		'bridge-port-wrong',
		e => change(e, 'w1', ['overlay'], text => text.replace(/^(\d+: veth1.*) master br0/m, '$1')),
		['w1'],
	],
	[
		'the hardware address of a container is another one',
		'container-card-changed',
		e =>
			change(e, 'w1', ['container-network'], text =>
				text.replace(/link\/ether 02:42:0a:c8:01:[0-9a-f]{2}/, 'link/ether 02:42:0a:aa:bb:cc'),
			),
		['w1'],
	],
	[
		'a balancer leaves the address of the client in packets for tasks',
		'balancer-address-missing',
		e => change(e, 'w1', ['ingress'], text => text.replace(/^.*--ipvs -j SNAT.*\n/gm, '')),
		['w1'],
	],
	[
		'the rules to the name server of a container were flushed',
		'names-unreachable-inside',
		e =>
			change(
				e,
				'w1',
				['container-network'],
				text => `${text}*nat\n:OUTPUT ACCEPT [12:720]\n:DOCKER_OUTPUT - [0:0]\nCOMMIT\n`,
			),
		['w1'],
	],
	[
		'answers of the name server of a container do not get the address that was asked',
		'names-unreachable-inside',
		e => change(e, 'w1', ['container-network'], text => text + nameRules.replace(/^.*-j SNAT .*\n/gm, '')),
		['w1'],
	],
	[
		'a rule in a container has dropped packets',
		'rule-inside-drops',
		e =>
			change(
				e,
				'w1',
				['container-network'],
				text => `${text}*filter\n[4:240] -A INPUT -p tcp -m tcp --dport 80 -j DROP\nCOMMIT\n`,
			),
		['w1'],
	],
	[
		'the policy of a balancer has dropped packets',
		'rule-inside-drops',
		e => change(e, 'w1', ['balancer'], text => text.replace(/^:FORWARD ACCEPT .*$/m, ':FORWARD DROP [7:420]')),
		['w1'],
	],
	[
		'a container asks another name server than that of its engine',
		'resolver-inside-changed',
		e => {
			const {text} = e.sections.find(({node, probe}) => node === 'w1' && probe === 'containers')!;
			const id = /"ResolvConfPath": "\S*\/([0-9a-f]{64})\/resolv\.conf"/.exec(text)![1]!;
			e.sections.push({
				...{node: 'w1', probe: 'container-resolvers', file: 'w1/container-resolvers.txt', bytes: 100},
				text: `/var/lib/docker/containers/${id}/resolv.conf:nameserver 192.0.2.53\n`,
			});
			return e;
		},
		['w1'],
	],
	[
		'the card of a container sends longer packets than its overlay carries',
		'container-card-changed',
		e => change(e, 'w1', ['container-network'], text => text.replace(/^(\d+: eth1@.* mtu )1450 /m, '$19000 ')),
		['w1'],
	],
	[
		'a balancer has another scheduler',
		'balancer-changed',
		e => change(e, 'w1', ['balancer'], text => text.replace(/^(FWM {2}[0-9A-F]{8}) rr $/m, '$1 wlc ')),
		['w1'],
	],
	[
		'a balancer keeps a client at one task',
		'balancer-changed',
		e =>
			change(e, 'w1', ['ingress'], text => text.replace(/^(FWM {2}[0-9A-F]{8} rr) $/m, '$1 persistent 300 FFFFFFFF')),
		['w1'],
	],
	[
		'a balancer hands packets on without its own address',
		'balancer-changed',
		e => change(e, 'w1', ['balancer'], text => text.replace(/ Masq /g, ' Route ')),
		['w1'],
	],
	[
		'IPVS leaves packets alone, as on a backup',
		'balancer-changed',
		e => change(e, 'w1', ['ingress'], text => text.replace('vs/backup_only:0', 'vs/backup_only:1')),
		['w1'],
	],
	[
		'IPVS forgets connections after 10 s',
		'balancer-forgets-soon',
		e => change(e, 'w1', ['balancer'], text => `${text}Timeout (tcp tcpfin udp): 10 10 10\n`),
		['w1'],
	],
	[
		'the routing mesh has no default route',
		'route-inside-wrong',
		e => change(e, 'w1', ['ingress'], text => text.replace(/^default via .*\n/m, '')),
		['w1'],
	],
	[
		'a policy of IPsec blocks a node',
		'blocked-by-policy',
		e =>
			change(e, 'w1', ['xfrm'], text =>
				text.replace('== policy\n', '$&src 0.0.0.0/0 dst 10.99.0.3/32 \n\tdir out action block priority 0 \n'),
			),
		['w1'],
	],
	[
		'a rule leads the published port elsewhere',
		'redirected-by-rule',
		e =>
			change(e, 'w1', both('packet-filter'), text =>
				text.replace(
					/^\[\d+:\d+\] -A PREROUTING /m,
					'[6:360] -A PREROUTING -p tcp -m tcp --dport 8080 -j REDIRECT --to-ports 81\n$&',
				),
			),
		['w1'],
	],
	[
		'a rule exempts the published port from tracking',
		'untracked-by-rule',
		e =>
			change(
				e,
				'w1',
				both('packet-filter'),
				text => `*raw\n[6:360] -A PREROUTING -p tcp -m tcp --dport 8080 -j NOTRACK\nCOMMIT\n${text}`,
			),
		['w1'],
	],
	[
		'nothing leads what comes in to the rules of the mesh',
		'no-jump-to-mesh-ports',
		e => change(e, 'w1', both('packet-filter'), text => text.replace(/^.*-A PREROUTING .*-j DOCKER-INGRESS\n/m, '')),
		['w1'],
	],
	[
		'containers do not get the address of their node on their way out',
		'masquerade-missing',
		e => change(e, 'w1', both('packet-filter'), text => text.replace(/^.*-A POSTROUTING .*-j MASQUERADE\n/gm, '')),
		['w1'],
	],
	[
		'a node has missed a key of gossip',
		'gossip-keys-differ',
		e => {
			const at = new Date(e.sections.length && e.index.nodes[1]!.startedAt! * 1000).toISOString();
			return change(
				e,
				'w1',
				['dockerd-log'],
				text =>
					`${text}time="${at}" level=error msg="memberlist: Decrypt packet failed: No installed keys could decrypt the message"\n`,
			);
		},
		['w1'],
	],
	[
		'docker_gwbridge has no address',
		'gateway-address-gone',
		e =>
			change(e, 'w2', ['addresses'], text =>
				text
					.split(/^(?=\d+: )/m)
					.map(block => (/^\d+: docker_gwbridge: /.test(block) ? block.replace(/^\s+inet .*\n/gm, '') : block))
					.join(''),
			),
		['w2'],
	],
	[
		'the card between the nodes does not forward',
		'node-does-not-forward',
		e => change(e, 'w2', ['sysctl'], text => `${text}\n/proc/sys/net/ipv4/conf/eth1/forwarding:0\n`),
		['w2'],
	],
	[
		'an engine waits for the key of its swarm',
		'swarm-locked',
		e =>
			change(e, 'w1', ['docker-info'], text =>
				text.replace('"LocalNodeState": "active"', '"LocalNodeState": "locked"'),
			),
		['w1'],
	],
	[
		'a node has left',
		'node-left',
		e =>
			change(e, 'w1', ['docker-info'], text =>
				text.replace('"LocalNodeState": "active"', '"LocalNodeState": "inactive"'),
			),
		['w1'],
	],
	[
		'the managers have no leader',
		'quorum-lost',
		e =>
			change(e, 'w1', ['docker-info'], text =>
				text.replace(
					/("LocalNodeState": "active",[^}]*?"Error": )""/,
					'$1"rpc error: code = Unknown desc = The swarm does not have a leader. It\'s possible that too few managers are online."',
				),
			),
		['w1'],
	],
	[
		'a certificate is too old',
		'certificate-expired',
		e =>
			change(e, 'w2', ['docker-info'], text =>
				text.replace(
					/"LocalNodeState": "active",([^}]*?"Error": )""/,
					'"LocalNodeState": "error",$1"certificate (1 - abc) not valid after: x509: certificate has expired or is not yet valid"',
				),
			),
		['w2'],
	],
	[
		'a node is drained',
		'node-drained',
		e => change(e, 'm1', ['nodes'], text => text.replace('"Availability": "active"', '"Availability": "drain"')),
		['w1'],
	],
	[
		'a node is paused',
		'node-paused',
		e => change(e, 'm1', ['nodes'], text => text.replace('"Availability": "active"', '"Availability": "pause"')),
		['w1'],
	],
	[
		'the card of a node carries less',
		'mtu-of-card',
		e => change(e, 'w1', ['addresses'], text => text.replace(/^(\d+: eth1: .*) mtu 1500/m, '$1 mtu 1400')),
		['w1'],
	],
	[
		'the VXLAN device of an overlay carries less on a node',
		'mtu-of-overlay',
		e => change(e, 'w1', both('overlay'), text => text.replace(/^(\d+: vxlan0.*) mtu 1450/m, '$1 mtu 1200')),
		['w1'],
	],
	[
		'a rule gives VXLAN another source address',
		'vtep-other-source',
		e =>
			change(
				unanswered(e, 'w1'),
				'w1',
				['conntrack'],
				text =>
					`ipv4     2 udp      17 26 src=10.99.0.2 dst=10.99.0.3 sport=38331 dport=4789 [UNREPLIED] src=10.99.0.3 dst=10.99.0.201 sport=4789 dport=38331 mark=0 zone=0 use=2\n${text}`,
			),
		['w1'],
	],
	[
		'the bridge of the routing mesh is down',
		'overlay-device-down',
		e => change(e, 'w1', ['addresses'], text => text.replace(/^(\d+: docker_gwbridge: <.*),UP(.*>)/m, '$1$2')),
		['w1'],
	],
	[
		'one of two overlays passes nothing at a node',
		'dropped-inside-node',
		e => connecting(unanswered(e, 'w1', false, 'kj44q3622l'), ''),
		['w1'],
	],
	[
		'the card of a node is down',
		'card-down',
		e =>
			change(
				onLan(e, (from, to) => ([from, to].includes('w1') ? silentOnLan : undefined)),
				'w1',
				['addresses'],
				text => text.replace(/^(\d+: eth1: <BROADCAST,MULTICAST),UP,LOWER_UP>/m, '$1>'),
			),
		['w1'],
	],
	[
		'a rule that names no port drops what comes from a node',
		'dropped-by-rule',
		e =>
			onLan(droppingMeanwhile(unanswered(e, 'w1'), '-A INPUT -s 10.99.0.3/32 -j DROP'), (from, to) =>
				[from, to].sort().join() === 'w1,w2' ? silentOnLan : undefined,
			),
		['w1'],
	],
	[
		'a rule for users of Docker drops what is forwarded',
		'dropped-by-rule',
		e => droppingMeanwhile(e, '-A DOCKER-USER -i docker_gwbridge -j DROP'),
		['w1'],
	],
	[
		'the policy of INPUT drops what no rule accepts',
		'dropped-by-rule',
		e =>
			change(
				onLan(e, from => (from === 'w2' ? {control: 'no answer'} : undefined)),
				'm1',
				['packet-filter', 'packet-filter-after'],
				(text, {probe}) =>
					text.replace(/^:INPUT ACCEPT .*/m, `:INPUT DROP [${probe === 'packet-filter' ? 7 : 19}:840]`),
			),
		['m1'],
	],
	[
		'a table of nft drops, and a node is cut off',
		'dropped-by-rule',
		e =>
			change(
				onLan(unanswered(e, 'w1'), (from, to) => ([from, to].includes('w1') ? silentOnLan : undefined)),
				'w1',
				['packet-filter'],
				text =>
					`${text}table inet mine {\n\tchain in {\n\t\ttype filter hook input priority -300; policy accept;\n\t\tiifname "eth1" drop\n\t}\n}\n`,
			),
		['w1'],
	],
	[
		'a rule leads packets for a node elsewhere',
		'route-to-node-wrong',
		e =>
			change(
				onLan(unanswered(e, 'w1'), (from, to) => ([from, to].sort().join() === 'w1,w2' ? silentOnLan : undefined)),
				'w1',
				['path'],
				text =>
					`route 10.99.0.1: 10.99.0.1 dev eth1 src 10.99.0.2 uid 0 \\    cache \nroute 10.99.0.3: RTNETLINK answers: Invalid argument\n${text}`,
			),
		['w1'],
	],
	[
		'a node has a wrong hardware address of another one',
		'lan-neighbour-wrong',
		e =>
			change(
				onLan(unanswered(e, 'w1'), (from, to) => ([from, to].sort().join() === 'w1,w2' ? silentOnLan : undefined)),
				'w1',
				['addresses'],
				text => text.replace(/^(10\.99\.0\.3 dev eth1 lladdr) \S+/m, '$1 02:00:00:00:de:ad'),
			),
		['w1'],
	],
	[
		'a node has another netmask',
		'netmask-differs',
		e =>
			change(
				onLan(e, (from, to) => ([from, to].sort().join() === 'w1,w2' ? silentOnLan : undefined)),
				'w1',
				['addresses'],
				text => text.replace('inet 10.99.0.2/24', 'inet 10.99.0.2/30'),
			),
		['w1'],
	],
	[
		'a card loses packets by traffic control',
		'traffic-control',
		e =>
			change(
				onLan(e, atW2({echo: wellOnLan.echo.replace('6 received, 0%', '4 received, 33%')})),
				'w2',
				['addresses'],
				text => text.replace(/^(3: eth1: .*) qdisc \S+/m, '$1 qdisc netem'),
			),
		['w2'],
	],
	[
		'the shim of a container is stopped',
		'process-stopped',
		e => change(e, 'w1', ['engine'], text => `${text}== stopped: containerd-shim 812\n`),
		['w1'],
	],
	[
		'a container is paused',
		'process-stopped',
		e => change(e, 'w1', ['containers'], text => text.replace('"Paused": false', '"Paused": true')),
		['w1'],
	],
	[
		'the vxlan device of an overlay is down',
		'overlay-device-down',
		e =>
			change(unanswered(e, 'w1'), 'w1', ['overlay'], text =>
				text.replace(/^(\d+: vxlan0(?:@\S+)?: <[^>]*),UP,LOWER_UP>/m, '$1>'),
			),
		['w1'],
	],
	[
		'what arrives at a node is lost behind its VXLAN device',
		'dropped-inside-node',
		e =>
			change(onLan(unanswered(e, 'w1')), 'w1', ['overlay-after'], (text, {namespace}) => {
				const first = e.sections.find(
					each => each.node === 'w1' && each.probe === 'overlay' && each.namespace === namespace,
				)!;
				const sent = (of: string) => /^\d+: vxlan0[\s\S]*?TX:.*\n\s*\d+\s+(\d+)/m.exec(of)![1]!;
				return text.replace(
					/^(\d+: vxlan0[\s\S]*?TX:.*\n\s*\d+\s+)\d+/m,
					(_, before: string) => `${before}${sent(first.text)}`,
				);
			}),
		['w1'],
	],
	[
		'the table of connections is full',
		'table-full',
		e => change(e, 'w1', ['sysctl'], text => text.replace(/nf_conntrack_count:\d+/, 'nf_conntrack_count:8192')),
		['w1'],
	],
	[
		"the mangle table of a balancer's namespace was flushed",
		'balancer-mark-missing',
		e => change(e, 'w1', ['balancer'], text => text.replace(/^.*-j MARK.*\n/gm, '')),
		['w1'],
	],
	[
		'what VXLAN carries has wrong checksums',
		'segments-corrupted',
		e => change(e, 'w1', ['container-network'], text => text.replace(/^(Tcp: \d.*) \d+$/m, '$1 7')),
		['w1'],
	],
	[
		'a node has the address of another one, too',
		'address-twice',
		e =>
			change(e, 'w2', ['addresses'], text =>
				text.replace(/^ +inet 10\.99\.0\.3\/24.*$/m, '$&\n    inet 10.99.0.2/32 scope global eth1'),
			),
		['w2'],
	],
	[
		'VXLAN is sent to another port by a rule',
		'vxlan-port-differs',
		e =>
			change(e, 'w1', both('packet-filter'), text =>
				text.replace(/^\*nat\n/m, '$&[9:600] -A PREROUTING -p udp -m udp --dport 4789 -j REDIRECT --to-ports 8472\n'),
			),
		['w1'],
	],
	[
		'VXLAN gets another port by nft',
		'vxlan-port-differs',
		e => change(e, 'w1', ['packet-filter'], text => `${text}\t\tiifname "eth1" udp dport 4789 udp dport set 8472\n`),
		['w1'],
	],
	[
		'legacy tables drop what is forwarded, beside those of nft',
		'two-packet-filters',
		e =>
			change(e, 'w1', ['packet-filter'], text =>
				text.replace(
					/^== nft$/m,
					'== legacy\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n[3:180] -A FORWARD -j DROP\nCOMMIT\n== nft',
				),
			),
		['w1'],
	],
	[
		'containerd does not run',
		'containerd-down',
		e => change(e, 'w1', ['engine'], text => text.replace(/== containerd\n[\s\S]*$/, '== containerd does not run\n')),
		['w1'],
	],
	[
		'containerd is stopped',
		'containerd-hangs',
		e =>
			change(e, 'w1', ['engine'], text =>
				text.replace(/(== containerd\n[\s\S]*?State:\t)S \(sleeping\)/, '$1T (stopped)'),
			),
		['w1'],
	],
	[
		'next to no memory is available',
		'memory-short',
		e => change(e, 'w1', ['memory'], text => text.replace(/^(Mem:(?:\s+\d+){5}\s+)\d+/m, '$129')),
		['w1'],
	],
	['a rule of a node drops gossip', 'gossip-blocked-by-node', e => dropRule(e, '-p udp -m udp --dport 7946')],
	[
		'dockerd does not run',
		'engine-down',
		e =>
			change(e, 'w1', ['engine'], text =>
				text.replace(/== dockerd\n[\s\S]*?(?=== containerd)/, '== dockerd does not run\n'),
			),
	],
	[
		'dockerd is stopped',
		'engine-hangs',
		e => change(e, 'w1', ['engine'], text => text.replace(/State:\tS \(sleeping\)/, 'State:\tT (stopped)')),
	],
	[
		'a module is withheld',
		'module-missing',
		e =>
			change(e, 'w1', ['modules'], text =>
				text
					.replace(/^xt_ipvs .*\n/m, '')
					.replace('== withheld\n', '== withheld\n/etc/modprobe.d/x.conf:install xt_ipvs /bin/false\n'),
			),
	],
	['the disk is full', 'disk-full', e => change(e, 'w1', ['memory'], text => text.replace(/\d+% \/$/m, '100% /'))],
	[
		'memory was short',
		'out-of-memory',
		e => change(e, 'w1', ['kernel-log'], text => `${text}[  900.1] Out of memory: Killed process 812 (nginx)\n`),
	],
	[
		'a kernel oopsed',
		'kernel-trouble',
		e =>
			change(
				e,
				'w1',
				['console'],
				text => `${text}[  900.1] BUG: kernel NULL pointer dereference, address: 0000000000000008\n`,
			),
	],
	[
		'the name server is in a pool',
		'resolver-in-pool',
		e => change(e, 'w1', ['resolver'], text => text.replace('nameserver 127.0.0.1', 'nameserver 10.200.1.77')),
	],
	[
		'a route leads into a pool',
		'route-in-pool',
		e =>
			change(e, 'w1', ['addresses'], text =>
				text.replace(/^10\.99\.0\.0\/24 dev/m, '10.200.0.0/16 via 10.99.0.1 dev eth1\n$&'),
			),
	],
	[
		'VXLAN leaves from another address',
		'vtep-other-source',
		e =>
			unanswered(
				change(e, 'w1', ['addresses'], text =>
					text.replace(/^10\.99\.0\.0\/24 dev/m, '10.99.0.1 dev eth1 scope link src 10.99.0.201\n$&'),
				),
				'w1',
			),
	],
	[
		'the nodes use different ports',
		'vxlan-port-differs',
		e => change(e, 'w1', ['overlay'], text => text.replaceAll('dstport 4789', 'dstport 8472')),
	],
	[
		'a network has no address left',
		'pool-exhausted',
		e =>
			change(e, 'm1', both('tasks'), text =>
				text.replace(
					'"Message": "started"',
					'"Message": "started", "Err": "could not find an available IP while allocating VIP"',
				),
			),
	],
	[
		'encrypted ends have other keys',
		'keys-differ',
		e => {
			for (const node of ['m1', 'w1']) {
				const spi = node === 'm1' ? '0x1111' : '0x2222';
				change(
					e,
					node,
					['xfrm'],
					text => `src ${address.m1} dst ${address.w1}\n\tproto esp spi ${spi} reqid 13681891 mode transport\n${text}`,
				);
			}

			return e;
		},
	],
	[
		'the clock is stepped',
		'clock-wrong',
		e => {
			e.index.nodes[1]!.startedAt! += 3600;
			return e;
		},
	],
	[
		'a node is lost',
		'node-unreachable',
		e => {
			e.index.nodes[2]!.trouble = 'unreachable: its process has ended';
			e.sections = e.sections.filter(({node}) => node !== 'w2');
			return e;
		},
	],
	[
		'the host has no CPU time',
		'starved',
		e => {
			for (const section of e.sections.filter(({node, namespace}) => node === 'w2' && !namespace).slice(-5)) {
				section.trouble = 'the time for this machine was over';
			}

			return e;
		},
	],
];

for (const [fault, , apply] of cases.filter(([, name]) => hosts.some(each => each.id === name))) {
	test(`the network is not blamed: ${fault}`, t => {
		const {causes} = diagnose(apply(healthy()));
		t.deepEqual(
			causes.filter(({blame}) => blame === 'network').map(each => each.id),
			[],
		);
	});
}

for (const [fault, id, apply, nodes] of cases) {
	test(`the first cause is named: ${fault}`, t => {
		const {causes} = diagnose(apply(healthy()));
		t.is(causes[0]?.id, id, JSON.stringify(causes, undefined, ' '));
		t.true(causes[0]!.lines.length > 0);
		t.true(causes[0]!.nodes.length > 0);
		t.deepEqual(causes[0]!.nodes, nodes ?? causes[0]!.nodes);
		t.notRegex(causes[0]!.cause + causes[0]!.remedy, /[{}]/);
	});
}

test('a node that answers no echo requests loses none: nothing is named where connections are answered', t => {
	const silent = wellOnLan.echo.replace('6 received, 0%', '0 received, 100%');
	const onNode = diagnose(onLan(healthy(), (_, to) => (to === 'w1' ? {echo: silent} : undefined)));
	t.deepEqual(onNode.causes, []);

	const {causes, paths = []} = diagnose(connecting(unanswered(healthy(), 'w1'), 'Connection refused'));
	t.deepEqual(causes, []);
	t.true(paths.every(({hops}) => hops.every(({state}) => state !== 'stops')));

	// Evidence of before a connection was tried.
	t.deepEqual(diagnose(unanswered(healthy(), 'w1', false, 'kj44q3622l')).causes, []);

	const blocked = onLan(healthy(), (_, to) => (to === 'm1' ? {echo: silent, control: 'no answer'} : undefined));
	t.deepEqual(
		diagnose(blocked).causes.map(({id}) => id),
		['control-blocked'],
	);
});

test('on a busy host, one connection without an answer says nothing of the network; two do', t => {
	const busy = {echo: wellOnLan.echo.replace('2.1/3.2/5.9', '5.9/54.1/235.9')};
	const ids = (silent: (from: string, to: string) => boolean) =>
		diagnose(onLan(healthy(), (from, to) => ({...busy, ...(silent(from, to) && {gossip: 'no answer'})}))).causes.map(
			({id}) => id,
		);
	t.deepEqual(
		ids((from, to) => from === 'w1' && to === 'm1'),
		[],
	);
	t.deepEqual(
		ids((_, to) => to === 'm1'),
		['gossip-blocked'],
	);
});

test('a neighbour with an address of an overlay is no route', t => {
	const row = '10.200.1.2 dev docker_gwbridge lladdr 3a:c2:2b:be:51:f3 STALE\n10.200.1.3 dev docker_gwbridge FAILED\n';
	t.deepEqual(diagnose(change(healthy(), 'w1', ['addresses'], text => row + text)).causes, []);
});

test('an engine that is late once is slow; one that is late twice with the same question hangs', t => {
	const late = (...probes: string[]) => lateIn(healthy(), ...probes);
	const lateIn = (evidence: Evidence, ...probes: string[]) => {
		const trouble = 'the engine did not answer: no answer in 20 s';
		evidence.sections = evidence.sections.filter(({node, probe}) => node !== 'w2' || probe !== 'networks');
		evidence.sections.push(
			...probes.map(probe => ({node: 'w2', probe, file: `w2/${probe}.txt`, bytes: 0, text: '', trouble})),
		);
		return diagnose(evidence).causes.map(({id, nodes}) => [id, ...nodes]);
	};
	t.deepEqual(late('networks'), []);
	t.deepEqual(late('networks', 'networks-after'), [['engine-hangs', 'w2']]);
	const ofContainerd = () =>
		change(healthy(), 'w2', ['engine'], text =>
			text.replace(/(== containerd\n[\s\S]*?State:\t)S \(sleeping\)/, '$1T (stopped)'),
		);
	t.deepEqual(lateIn(ofContainerd(), 'networks', 'networks-after'), [['containerd-hangs', 'w2']]);
});

test('what a log says of the time before is no cause', t => {
	const evidence = onLan(healthy());
	const since = evidence.index.nodes[0]!.sentAt - 60;
	const killed = (seconds: number) => {
		const copy = change(healthy(), 'w1', ['kernel-log'], text => {
			const {sentAt} = evidence.index.nodes[1]!;
			const uptime = 1000 + (since - sentAt) + seconds;
			return `${text}[${uptime.toFixed(6)}] Out of memory: Killed process 812 (nginx)\n`;
		});
		change(copy, 'w1', ['memory'], text => `1000.00 1900.00\n${text}`);
		return diagnose({...copy, index: {...copy.index, since}}).causes.map(({id}) => id);
	};
	t.deepEqual(killed(-100), []);
	t.deepEqual(killed(30), ['out-of-memory']);
});

test('a node on each broken path is named alone; of a broken pair both ends are', t => {
	const named = (evidence: Evidence) => diagnose(evidence).causes.map(({id, nodes}) => [id, ...nodes]);
	t.deepEqual(named(unanswered(healthy(), 'w1', true)), [['mtu-of-path', 'w1']]);
	t.deepEqual(named(unanswered(healthy(), 'w2')), [['vxlan-dropped-between-nodes', 'w2']]);
	const pair = change(healthy(), undefined, ['path'], (text, {node}) =>
		node === 'w2'
			? text
			: text.replace(new RegExp(`^.* ${node === 'm1' ? address.w1 : address.m1} .*$`, 'gm'), line =>
					line.replace(/\d+ received/, '0 received'),
				),
	);
	t.deepEqual(named(pair), [['vxlan-dropped-between-nodes', 'm1', 'w1']]);
});

test('a node that printed nothing while the others answered is out of reach, and not slow', t => {
	const evidence = healthy();
	const {startedAt: _, ...silent} = evidence.index.nodes[2]!;
	evidence.index.nodes[2] = {...silent, trouble: 'it took too long to read'};
	evidence.sections = evidence.sections.filter(({node}) => node !== 'w2');
	t.deepEqual(
		diagnose(evidence).causes.map(({id, nodes}) => [id, ...nodes]),
		[['node-unreachable', 'w2']],
	);
});

test('on a busy host, echo requests that took long unevenly are not late by the network', t => {
	const {causes} = diagnose(
		onLan(
			lostEachOther(),
			atW2({echo: wellOnLan.echo.replace('= 2.1/3.2/5.9/1.1', '= 141.170/1013.204/1661.884/482.985')}),
		),
	);
	t.false(causes.some(({id}) => id === 'packets-late'));
});

test('two causes at once are both named', t => {
	const evidence = healthy();
	for (const [, , apply] of cases.filter(([, id]) => ['stale-backend', 'mesh-rules-missing'].includes(id))) {
		apply(evidence);
	}

	const ids = diagnose(evidence).causes.map(({id}) => id);
	t.deepEqual(ids.toSorted(), ['mesh-rules-missing', 'stale-backend']);
});

test('a row that only one of two readings has is no difference: the swarm was just changing', t => {
	const added = change(healthy(), 'm1', ['balancer'], text =>
		text.replace(/^FWM .*$/m, '$&\n  -> 0AC801FA:0000      Masq    1      0          0         '),
	);
	t.deepEqual(diagnose(added).causes, []);
});

test('what was not read is neither named nor ruled out', t => {
	const {index} = healthy();
	const {causes, ruledOut, next} = diagnose({index: {...index, entries: []}, sections: []});
	t.deepEqual(causes, []);
	t.false(ruledOut.includes('no disk is full'));
	t.regex(next[0]!, /^Take the evidence again: it lacks /);
});

test('every signature has an id of its own, and the ids in `unless` exist', t => {
	const ids = signatures.map(({id}) => id);
	t.is(new Set(ids).size, ids.length);
	t.deepEqual(
		signatures
			.flatMap(({unless = [], unlessThere = []}) => [...unless, ...unlessThere])
			.filter(id => !ids.includes(id)),
		[],
	);
});

test('a balancer that does not forward is no cause where the kernel has no IPVS', t => {
	const off = change(healthy(), 'w1', ['balancer'], text => text.replaceAll('ip_forward:1', 'ip_forward:0'));
	const named = (evidence: Evidence) => diagnose(evidence).causes.map(({id}) => id);
	t.true(named(off).includes('balancer-does-not-forward'));
	const without = change(off, 'w1', ['modules'], text =>
		text.replace(/^ip_vs .*\n/m, '').replace('== missing\n', '== missing\nip_vs\n'),
	);
	t.deepEqual(named(without), ['module-missing']);
	// Nobody knows which modules there are, but no table was made.
	const empty = change(healthy(), 'w1', both('balancer'), text =>
		text.replaceAll('ip_forward:1', 'ip_forward:0').replace(/^IP Virtual Server[\s\S]*?(?=^# Generated|^$)/m, ''),
	);
	t.false(named(empty).includes('balancer-does-not-forward'));
});

test('a rule that has dropped nothing, or only what swarms do not need, is no cause', t => {
	const ids = (rule: string, counts: [number, number]) =>
		diagnose(
			change(healthy(), 'w1', both('packet-filter'), (text, {probe}) =>
				text.replace(/^:DOCKER-USER .*\n/m, `$&[${counts[probe === 'packet-filter' ? 0 : 1]}:840] ${rule}\n`),
			),
		).causes.map(({id}) => id);
	t.deepEqual(ids('-A INPUT -i eth1 -j DROP', [0, 0]), []);
	t.deepEqual(ids('-A INPUT -p udp -m udp --dport 5353 -j DROP', [4, 9]), []);
	t.deepEqual(ids('-A INPUT -s 198.51.100.7/32 -j DROP', [4, 9]), []);
	t.deepEqual(ids('-A INPUT -p udp -m policy --dir in --pol none -m udp --dport 4789 -j DROP', [4, 9]), []);
	t.deepEqual(ids('-A INPUT -i eth1 -j DROP', [4, 9]), ['dropped-by-rule']);
	t.deepEqual(ids('-A INPUT -i eth1 -j DROP', [4, 4]), ['rule-has-dropped']);
});

test('a rule for VXLAN that drops nothing, or that is of an encrypted overlay, explains no lost VXLAN', t => {
	const ids = (evidence: Evidence) => diagnose(evidence).causes.map(({id}) => id);
	const byRule = (rule: string, counts: [number, number]) =>
		ids(dropRule(unanswered(healthy(), 'w1'), `-p udp ${rule}-m udp --dport 4789`, counts));
	const byNft = (rule: string) =>
		ids(
			change(
				unanswered(healthy(), 'w1'),
				'w1',
				['packet-filter'],
				text => `${text}table inet lab {\n\tchain in {\n\t\tudp dport 4789 ${rule} drop\n\t}\n}\n`,
			),
		);
	for (const counts of [
		[0, 0],
		[7, 7],
	] satisfies [number, number][]) {
		t.deepEqual(byRule('', counts).slice(0, 1), ['vxlan-dropped-between-nodes'], String(counts));
		t.false(byRule('', counts).includes('vxlan-dropped-by-node'), String(counts));
	}

	for (const counts of [
		[3, 9],
		[0, 9],
	] satisfies [number, number][]) {
		t.is(byRule('', counts)[0], 'vxlan-dropped-by-node', String(counts));
	}

	t.false(byRule('-m policy --dir in --pol none ', [3, 9]).includes('vxlan-dropped-by-node'));
	t.false(byNft('xt match "policy" counter packets 9 bytes 540').includes('vxlan-dropped-by-node'));
	t.false(byNft('counter packets 0 bytes 0').includes('vxlan-dropped-by-node'));
	t.is(byNft('counter packets 9 bytes 540')[0], 'vxlan-dropped-by-node');
	t.is(byNft('')[0], 'vxlan-dropped-by-node');
	// nft prints what iptables-nft keeps, too, and is read only once.
	const standsStill = change(
		dropRule(unanswered(healthy(), 'w1'), '-p udp -m udp --dport 4789', [7, 7]),
		'w1',
		['packet-filter'],
		text =>
			text.replace(
				/^== nft$/m,
				'$&\ntable ip raw {\n\tchain PREROUTING {\n\t\tudp dport 4789 counter packets 7 bytes 420 drop\n\t}\n}',
			),
	);
	t.is(ids(standsStill)[0], 'vxlan-dropped-between-nodes');
});

test('a rule for gossip, ESP or what is forwarded that has dropped nothing is no cause', t => {
	const ids = (evidence: Evidence) => diagnose(evidence).causes.map(({id}) => id);
	t.deepEqual(ids(dropRule(healthy(), '-p udp -m udp --dport 7946', [0, 0])), []);
	t.deepEqual(ids(dropRule(healthy(), '-p tcp -m tcp --dport 2377', [0, 0])), []);
	t.deepEqual(ids(dropRule(healthy(), '-p esp', [0, 0])), []);
	t.deepEqual(
		ids(
			change(healthy(), 'w1', both('packet-filter'), text =>
				text.replace(/^(?=\[.*-A FORWARD)/m, '[0:0] -A FORWARD -j DROP\n'),
			),
		),
		[],
	);
});

test('a table that is nearly full drops nothing', t => {
	const evidence = change(healthy(), 'w1', ['sysctl'], text =>
		text.replace(/nf_conntrack_count:\d+/, 'nf_conntrack_count:8100'),
	);
	t.deepEqual(diagnose(evidence).causes, []);
});

test('a place for filters of traffic control drops nothing; a filter may', t => {
	const lossy = () => onLan(healthy(), atW2({echo: wellOnLan.echo.replace('6 received, 0%', '4 received, 33%')}));
	const ids = (filters: string) =>
		diagnose(
			change(
				lossy(),
				'w2',
				['addresses'],
				text =>
					`${text}qdisc clsact ffff: dev eth1 parent ffff:fff1 \nfilters eth1 ingress: ${filters}\nfilters eth1 egress: \n`,
			),
		).causes.map(({id}) => id);
	t.deepEqual(ids('filter protocol all pref 49152 bpf chain 0 handle 0x1 cil_from_netdev-eth1 direct-action '), [
		'packets-lost',
	]);
	t.deepEqual(ids('filter protocol all pref 49152 matchall chain 0 handle 0x1 action order 1: gact action drop '), [
		'traffic-control',
	]);
});

test('a balancer that does not forward is told aside where the claim asks for none', t => {
	for (const setting of ['ip_forward', 'vs/conntrack']) {
		const evidence = change(healthy(), 'w1', ['balancer'], text => text.replace(`${setting}:1`, `${setting}:0`));
		t.is(diagnose(evidence).causes.length, 1, setting);
		const {causes, aside} = diagnose({...evidence, index: {...evidence.index, asks: []}});
		t.deepEqual(causes, [], setting);
		t.is(aside?.length, 1, setting);
	}
});

test('settings of IPVS that the engine did not set are a lead where a claim about a balancer fails, and nothing else shows', t => {
	// 20.10.24 left them so on this cell.
	const untuned = healthy;
	const tuned = () =>
		change(untuned(), undefined, ['balancer', 'ingress'], text =>
			text
				.replace(/vs\/conn_reuse_mode:\d/, 'vs/conn_reuse_mode:0')
				.replace(/vs\/(expire_nodest_conn|expire_quiescent_template):\d/g, 'vs/$1:1'),
		);
	const of = (evidence: Evidence, ...asks: string[]) =>
		diagnose({...evidence, index: {...evidence.index, asks}}).causes.map(({id}) => id);
	t.deepEqual(diagnose(untuned()).causes, [], 'a healthy cell may have it');
	t.deepEqual(of(untuned()), [], 'the claim asks for no balancer');
	t.deepEqual(of(untuned(), 'ip_vs'), ['balancer-untuned']);
	t.deepEqual(of(tuned(), 'ip_vs'), []);
	const forwards = change(untuned(), 'w1', ['balancer'], text => text.replace('ip_forward:1', 'ip_forward:0'));
	t.deepEqual(of(forwards, 'ip_vs'), ['balancer-does-not-forward']);
});

test('a balancer that balances nothing yet has its settings from the kernel, which is no cause', t => {
	const empty = (evidence: Evidence) =>
		change(evidence, 'w1', ['balancer'], text => text.replace(/^ +-> \S+:\d+ .*\n/gm, '').replace(/^FWM .*\n/gm, ''));
	for (const setting of ['ip_forward', 'vs/conntrack']) {
		const off = (evidence: Evidence) =>
			change(evidence, 'w1', ['balancer'], text => text.replace(`${setting}:1`, `${setting}:0`));
		const named = diagnose(empty(off(healthy()))).causes.map(({id}) => id);
		t.false(
			named.some(id => id.startsWith('balancer-')),
			`${setting}: ${named.join(' ')}`,
		);
	}
});

test('legacy tables that have dropped nothing are no cause; those that have do not hide the rule that drops', t => {
	const legacy = (count: number) =>
		change(healthy(), 'w1', ['packet-filter'], text =>
			text.replace(/^== nft$/m, `== legacy\n*filter\n:FORWARD DROP [${count}:180]\nCOMMIT\n== nft`),
		);
	const ids = (evidence: Evidence) => diagnose(evidence).causes.map(({id}) => id);
	t.deepEqual(ids(legacy(0)), []);
	t.deepEqual(ids(legacy(3)), ['two-packet-filters']);
	t.deepEqual(ids(droppingMeanwhile(legacy(3), '-A INPUT -i eth1 -j DROP')), ['dropped-by-rule', 'two-packet-filters']);
});

test('rules of nft are no second kind where iptables-save does not name its kind, as before 1.8.8', t => {
	const old = () =>
		change(healthy(), undefined, ['packet-filter'], text => text.replaceAll(/ v[\d.]+ \(nf_tables\)/g, ' v1.8.7'));
	t.deepEqual(diagnose(old()).causes, []);
	const both = change(old(), 'w1', ['packet-filter'], text =>
		text.replace(/^== nft$/m, '== legacy\n*filter\n:FORWARD DROP [3:180]\nCOMMIT\n== nft'),
	);
	t.deepEqual(
		diagnose(both).causes.map(({id, nodes}) => [id, ...nodes]),
		[['two-packet-filters', 'w1']],
	);
});

/** The task of w1 has ended by itself, this many seconds before the evidence, and its engine keeps the balancer of the overlay. */
function endedTask(seconds: number): Evidence {
	const evidence = fixture('healthy');
	const node = evidence.index.nodes.find(({name}) => name === 'w1')!;
	const at = new Date((node.startedAt! - seconds) * 1000).toISOString();
	const id = 'pw6w355ml4afpn7qd21fxftnz';
	change(evidence, 'm1', both('tasks'), text =>
		JSON.stringify(
			(JSON.parse(text) as {ID: string}[]).map(task =>
				task.ID === id ? {...task, DesiredState: 'shutdown', Status: {State: 'complete', Timestamp: at}} : task,
			),
			undefined,
			1,
		),
	);
	change(evidence, undefined, [...both('balancer'), ...both('ingress')], text =>
		text.replace(/^.*(?:0AC80103|0AC80006|10\.200\.1\.3:|10\.200\.0\.6:).*\n/gm, ''),
	);
	return change(evidence, 'w1', ['networks'], text =>
		text.replace(/^ {2}"[0-9a-f]{64}": \{\n {3}"Name": "web(?:.*\n)*? {2}\},\n/gm, ''),
	);
}

test('an engine that keeps the address of a balancer after the last task on its node', t => {
	const named = (evidence: Evidence) => diagnose(evidence).causes.map(({id, nodes}) => [id, ...nodes]);
	const {causes} = diagnose(endedTask(30));
	t.deepEqual(named(endedTask(30)), [['balancer-kept', 'w1']]);
	t.regex(causes[0]!.cause, /^On w1 the engine keeps .*: 10\.200\.1\.6 on network net2\./);
	t.deepEqual(named(endedTask(5)), [], 'it has time to take its balancer off');
	const other = change(endedTask(30), 'w1', ['networks'], text =>
		text.replace(
			/^ {2}"lb-net2": \{/m,
			'  "1": {\n   "Name": "by-hand",\n   "MacAddress": "02:42:0a:c8:01:09",\n   "IPv4Address": "10.200.1.9/24"\n  },\n$&',
		),
	);
	t.deepEqual(named(other), [], 'a container that was attached by hand needs the balancer');
	const away = change(endedTask(30), 'm1', ['nodes'], text => {
		const list = JSON.parse(text) as {Status: {Addr: string; State: string}}[];
		list.find(({Status}) => Status.Addr === address.w1)!.Status.State = 'down';
		return JSON.stringify(list, undefined, 1);
	});
	t.false(
		diagnose(away).causes.some(({id}) => id === 'balancer-kept'),
		'what the managers report of it is old',
	);
});

/** The overlay is encrypted, and w1 reaches nobody through it. Nodes have keys and policies as `ip xfrm` prints them. */
function encryptedCell(alter: (text: string) => string): Evidence {
	const evidence = change(unanswered(healthy(), 'w1', false, 'kj44q3622l'), undefined, ['networks'], text =>
		text.replace(/("Name": "net1",[\s\S]*?"Options": \{)/g, '$1\n   "encrypted": "",'),
	);
	const spi = (from: string, to: string) => `0x${from.at(-1)}0a0${to.at(-1)}`;
	return change(evidence, undefined, ['xfrm'], (_, {node}) => {
		const own = address[node as keyof typeof address];
		const others = Object.values(address).filter(each => each !== own);
		const state = (from: string, to: string) =>
			`src ${from} dst ${to}\n\tproto esp spi ${spi(from, to)}(2584180182) reqid 13681891(0x00d0c4e3) mode transport\n`;
		const policy = (to: string) =>
			`src ${own}/32 dst ${to}/32 proto udp dport 4789 \n\tdir out priority 0 ptype main \n\tmark 0xd0c4e3/0xffffffff \n\ttmpl src ${own} dst ${to}\n\t\tproto esp spi ${spi(own, to)} reqid 13681891 mode transport\n`;
		const text = [
			...others.flatMap(other => [state(other, own), state(own, other)]),
			'== policy\n',
			...others.map(policy),
		].join('');
		return node === 'w1' ? alter(text) : text;
	});
}

test('a node without the key, or without the policy, to encrypt by is named, and the network is not', t => {
	const first = (alter: (text: string) => string) => {
		const [cause] = diagnose(encryptedCell(alter)).causes;
		return [cause?.id, cause?.nodes.join(), cause?.cause];
	};
	t.deepEqual(first(text => text).slice(0, 2), ['esp-dropped', 'w1']);
	const [id, nodes, said] = first(text => text.replace(/^src 10\.99\.0\.2 dst .*\n\tproto .*\n/gm, ''));
	t.deepEqual([id, nodes], ['keys-differ', 'w1']);
	t.regex(said!, /w1 has no key with SPI 0x20a01, by which it is to encrypt for m1/);
	const other = first(text => text.replace(/== policy\n[\s\S]*$/, '== policy\n'));
	t.deepEqual(other.slice(0, 2), ['keys-differ', 'w1']);
	t.regex(other[2]!, /w1 has no policy to encrypt for m1/);
	t.deepEqual(
		first(text => text.replace(/== policy\n[\s\S]*$/, '')).slice(0, 2),
		['esp-dropped', 'w1'],
		'older evidence',
	);
});

/** What the evidence of a cell names that was taken while it starts, or where an engine has just gone. */
const namedOf = (evidence: Evidence) => diagnose(evidence).causes.map(({id, nodes}) => [id, ...nodes]);

test('nodes that a node without an engine cannot reach have lost it: they lose nothing themselves', t => {
	const onlyOneWay = () =>
		change(healthy(), 'm1', ['path'], text =>
			text.replace(/^(kj44q3622l .* 10\.99\.0\.3 .*)\d+ received, 0%/gm, '$10 received, 100%'),
		);
	t.deepEqual(namedOf(connecting(onlyOneWay(), '')), [['dropped-inside-node', 'w2']], 'm1 reaches w1, and not w2');
	const down = change(connecting(onlyOneWay(), ''), 'm1', ['engine'], text =>
		text.replace(/== dockerd\n[\s\S]*?(?=== containerd)/, '== dockerd does not run\n'),
	);
	t.deepEqual(namedOf(down), [['engine-down', 'm1']]);
});

test('a port of a bridge whose other end in a container is not up yet is no wrong port', t => {
	const port = (flags: string) =>
		change(healthy(), 'w1', ['overlay'], text =>
			text.replace(/^(\d+: veth1\S*) <\S*>([\s\S]*?bridge_slave state )forwarding/m, `$1 <${flags}>$2disabled`),
		);
	t.deepEqual(namedOf(port('NO-CARRIER,BROADCAST,MULTICAST,UP')), []);
	t.deepEqual(namedOf(port('BROADCAST,MULTICAST,UP,LOWER_UP')), [['bridge-port-wrong', 'w1']]);
});

test('a node without ip_vs has no rules of the routing mesh for that reason', t => {
	const evidence = change(healthy(), 'w2', ['modules'], text => text.replace('== withheld', 'ip_vs\n== withheld'));
	change(evidence, 'w2', both('packet-filter'), text => text.replace(/^.*-A DOCKER-INGRESS .*DNAT.*\n/gm, ''));
	t.deepEqual(namedOf(evidence), [['module-missing', 'w2']]);
});

test('a device that is down has lost its neighbours: that they are missing is no cause of its own', t => {
	const down = change(healthy(), 'w1', both('overlay'), text =>
		text.replace(/^(\d+: vxlan0(?:@\S+)?: <[^>]*),UP,LOWER_UP>/m, '$1>').replace(/^.* lladdr .*\n/gm, ''),
	);
	t.deepEqual(
		diagnose(down).causes.map(({id, nodes}) => [id, ...nodes]),
		[['overlay-device-down', 'w1']],
	);
	const {startedAt} = down.index.nodes.find(({name}) => name === 'w1')!;
	const taken = `time="${new Date((startedAt! - 5) * 1000).toISOString()}" level=error msg="fatal task error" error="network sandbox join failed: subnet sandbox join failed for \\"10.200.0.0/24\\": vxlan interface creation failed for subnet \\"10.200.0.0/24\\": failed to set link up: address already in use"\n`;
	t.deepEqual(
		diagnose(change(down, 'w1', ['dockerd-log'], text => text + taken)).causes.map(({id, nodes}) => [id, ...nodes]),
		[['vxlan-port-taken', 'w1']],
		'the engine could not bring it up',
	);
	change(down, 'w1', both('packet-filter'), text => text.replace(/^.*-A DOCKER-INGRESS .*DNAT.*\n/gm, ''));
	t.deepEqual(
		diagnose(down).causes.map(({id, nodes}) => [id, ...nodes]),
		[['vxlan-port-taken', 'w1']],
		'and so has no port of the routing mesh',
	);
});

test('on a busy host, a few lost packets say nothing of the network', t => {
	const some = (ms: number, rtt: string) =>
		diagnose(
			onLan(
				healthy(),
				atW2({
					echo: `200 packets transmitted, 194 received, 3% packet loss, time ${ms}ms rtt min/avg/max/mdev = ${rtt} ms`,
				}),
			),
		).causes.map(({id, nodes}) => [id, ...nodes]);
	t.deepEqual(some(1258, '0.499/2.397/24.234/3.142'), [['packets-lost', 'w2']]);
	t.deepEqual(some(6600, '0.499/2.397/24.234/3.142'), [], 'ping did not get the time to send');
	t.deepEqual(some(1798, '0.597/5.207/89.024/8.877'), [], 'the nodes were held up: as seen with 8 % of the CPU time');
});

test('an address that several services of a balancer have, and no task, is said once', t => {
	const before = diagnose(fixture('stale-backend')).disagreements.map(({says}) => says);
	const twice = change(fixture('stale-backend'), 'm1', both('balancer'), text =>
		text.replace(/^.*-> 0AC8[0-9A-F]+:.*\n/gm, '$&$&'),
	);
	t.is(before.length, 1);
	t.deepEqual(
		diagnose(twice).disagreements.map(({says}) => says),
		before,
	);
});

test('one lost probe, and probes that were lost before, are no udp/7946 that is cut', t => {
	const named = (evidence: Evidence) => diagnose(evidence).causes.map(({id, nodes}) => [id, ...nodes]);
	t.deepEqual(named(onlyByTcp(onLan(healthy()), [9, 8])), [['gossip-blocked', 'm1', 'w2']]);
	t.deepEqual(named(onlyByTcp(onLan(healthy()), [1])), [], 'one');
	t.deepEqual(named(onlyByTcp(onLan(healthy()), [33, 32])), [], 'before');
	const lossy = atW2({echo: wellOnLan.echo.replace('6 received', '4 received')});
	t.deepEqual(
		named(onlyByTcp(onLan(healthy(), lossy), [9, 8])),
		[['packets-lost', 'w2']],
		'all packets are lost now and then',
	);
});

test('a member that is down is named; one whose node has joined again is no member any more', t => {
	const withOld = (address: string) =>
		diagnose(
			change(healthy(), 'm1', ['nodes'], text => {
				// As seen where w1 had left and joined again.
				const old = {
					ID: 'difc1dcprx950mzd03vggww3q',
					Description: {Hostname: 'w1'},
					Spec: {Role: 'manager', Availability: 'active'},
					Status: {State: 'down', Message: 'heartbeat failure', Addr: address},
				};
				return JSON.stringify([old, ...JSON.parse(text)]);
			}),
		).causes.map(({id, nodes}) => [id, ...nodes]);
	t.deepEqual(withOld('10.99.0.9'), [['member-down', 'w1']]);
	t.deepEqual(withOld('10.99.0.2'), []);
});

test('nodes that advertise another address than that of the LAN know each other by it', t => {
	const other = (text: string) => text.replace(/"(IP|NodeAddr)": "10\.99\.0\./g, '"$1": "fd00:53::');
	const advertised = (knows: Change) => {
		const evidence = change(onLan(healthy()), undefined, ['networks', 'docker-info'], other);
		// The engine of m1 did not answer this question when the fixture was taken.
		change(evidence, 'm1', ['docker-info'], text => `${text}\n "NodeAddr": "fd00:53::1"`);
		change(evidence, undefined, ['networks'], knows);
		return diagnose(evidence);
	};
	// A change that changes nothing is an error of the test: the name of a node is not looked at.
	const all = advertised(text => text.replaceAll('"Name": "1eeb26a09909"', '"Name": "1eeb26a09900"'));
	t.deepEqual([all.causes, all.disagreements], [[], []]);
	const less = advertised((text, {node}) => (node === 'w2' ? text.replaceAll('"IP": "fd00:53::1"', '"IP": ""') : text));
	t.deepEqual(
		less.causes.map(({id, nodes}) => [id, ...nodes]),
		[['gossip-lost', 'w2']],
	);
});

test('an engine that was restarted in order does not hide what is missing', t => {
	const restart = (lines: (name: string) => string[]) => {
		const evidence = onLan(healthy());
		const [, name] = /"Name": "([0-9a-f]{12})",\s*"IP": "10\.99\.0\.2"/.exec(networksOf(evidence))!;
		change(evidence, 'w2', both('overlay'), text => text.replace(/^.* dst 10\.99\.0\.2.*\n/gm, ''));
		change(evidence, 'w2', ['dockerd-log'], text => text + lines(name!).join(''));
		return diagnose(evidence).causes.map(({id, nodes}) => [id, ...nodes]);
	};
	const ago = (seconds: number) => new Date((healthy().index.nodes[2]!.startedAt! - seconds) * 1000).toISOString();
	const line = (seconds: number, text: string) => `time="${ago(seconds)}" level=info msg="${text}"\n`;
	const left = (name: string) => [
		line(30, `Node ${name} change state NodeActive --> NodeLeft`),
		line(20, `Node ${name} change state NodeLeft --> NodeActive`),
	];
	t.deepEqual(restart(left), [['forward-row-missing', 'w2']]);
	const failed = (seconds: number) => (name: string) => [
		line(200, `Node ${name} change state NodeActive --> NodeFailed`),
		line(seconds, `Node ${name} change state NodeFailed --> NodeActive`),
	];
	// It has had a minute to learn everything again.
	t.deepEqual(restart(failed(190)), [['forward-row-missing', 'w2']]);
	t.deepEqual(restart(failed(20)), [['gossip-lost', 'w2']]);
});

test('rows that are missing for one node are named beside gossip that is cut to another one', t => {
	const evidence = onLan(healthy(), (from, to) =>
		[from, to].sort().join() === 'm1,w1' ? {gossip: 'no answer'} : undefined,
	);
	change(evidence, 'm1', both('overlay'), text => text.replace(/^.* dst 10\.99\.0\.[23].*\n/gm, ''));
	const {causes} = diagnose(evidence);
	t.deepEqual(
		causes.map(({id, nodes}) => [id, ...nodes]),
		[
			['gossip-blocked', 'm1', 'w1'],
			['forward-row-missing', 'm1'],
		],
	);
	t.notRegex(causes[1]!.cause, /10\.99\.0\.2/);
});

test('modules that no service uses are told aside', t => {
	const without = (evidence: Evidence) =>
		change(evidence, undefined, ['modules'], text =>
			text.replace(/^ip_vs .*\n/m, '').replace('== missing\n', '== missing\nip_vs\n'),
		);
	const dropped = () => unanswered(dropRule(without(healthy()), '-p udp -m udp --dport 4789'), 'w1');
	const ids = (evidence: Evidence) => diagnose(evidence).causes.map(({id}) => id);
	// It was so before: what is certain, too, comes first.
	t.deepEqual(ids(dropped()), ['vxlan-dropped-by-node', 'module-missing']);
	const unused = change(dropped(), 'm1', ['services'], text =>
		text.replace(/"VirtualIPs"/g, '"None"').replace(/"PublishMode": "ingress"/g, '"PublishMode": "host"'),
	);
	t.deepEqual(ids(unused), ['vxlan-dropped-by-node']);
	t.deepEqual(diagnose(unused).aside, [
		'Kernel modules that swarm networking needs are missing or withheld on m1, w1 and w2: ip_vs. No service here has a virtual address or a published port.',
	]);
});

test('modules that the claim does not ask for are told aside, and are no cause', t => {
	const withheld = () =>
		change(healthy(), 'w1', ['modules'], text =>
			text.replace(/^ip_vs .*\n/m, '').replace('== missing\n', '== missing\nip_vs\n'),
		);
	const asking = (evidence: Evidence, asks: string[]): Evidence => ({...evidence, index: {...evidence.index, asks}});
	t.deepEqual(
		diagnose(asking(withheld(), ['ip_vs'])).causes.map(({id}) => id),
		['module-missing'],
	);
	const {causes, aside, sentence} = diagnose(asking(withheld(), []));
	t.deepEqual(causes, []);
	t.regex(sentence, /^No known cause shows/);
	t.deepEqual(aside, [
		'Kernel modules that swarm networking needs are missing or withheld on w1: ip_vs. The claim does not say that it needs IPVS (`kernel` of its needs).',
	]);
	// Without vxlan no overlay works, whatever is claimed.
	const vxlan = change(withheld(), 'w1', ['modules'], text =>
		text.replace(/^vxlan .*\n/m, '').replace('== missing\n', '== missing\nvxlan\n'),
	);
	t.is(diagnose(asking(vxlan, [])).causes[0]?.id, 'module-missing');
});

const cutOff = 'the output was cut off: it is longer than 400000 bytes, or the machine went away';

for (const [how, keptShare, trouble] of [
	...[0.1, 0.3, 0.5, 0.7, 0.9].map(share => [`is cut off after ${100 * share} %`, share, cutOff] as const),
	['is an error, as its namespace was removed meanwhile', 0, 'ended with 1'],
] as const) {
	test(`nothing is named where an output ${how}, whichever it is`, t => {
		const outputs = new Set(healthy().sections.map(({node, probe, namespace = ''}) => `${node} ${probe} ${namespace}`));
		for (const output of outputs) {
			const evidence = healthy();
			for (const section of evidence.sections) {
				const {node, probe, namespace = '', text} = section;
				const isOne = `${node} ${probe.replace(/-after$/, '')} ${namespace}` === output;
				if (isOne) {
					section.text =
						keptShare > 0 ? text.slice(0, text.length * keptShare) : "nsenter: setns(): can't reassociate to namespace";
					section.trouble = trouble;
				}
			}

			t.deepEqual(
				diagnose(evidence).causes.map(({id, nodes}) => [id, ...nodes]),
				[],
				output,
			);
		}
	});
}

test('nothing is named where containers have the rules of the engine, and one that has dropped nothing', t => {
	const unused =
		'*filter\n[0:0] -A INPUT -p tcp -m tcp --dport 81 -j DROP\n[6:360] -A INPUT -d 10.200.0.7/32 -p tcp -j DROP\n[2:120] -A OUTPUT -s 10.200.0.7/32 -p tcp -j DROP\nCOMMIT\n';
	const {causes} = diagnose(change(healthy(), undefined, ['container-network'], text => text + nameRules + unused));
	t.deepEqual(causes, []);
});

for (const said of [
	'reach NODE via TCP but not UDP',
	'connect to NODE but other probes failed',
	'connect to NODE over TCP but UDP probes failed',
]) {
	test(`gossip that has no answer by udp is named, where the engine says '${said}'`, t => {
		const {causes} = diagnose(onlyByTcp(onLan(healthy()), [3, 1], said));
		t.deepEqual(
			causes.map(({id}) => id),
			['gossip-blocked'],
		);
	});
}

/** Where the servers of the fixture wait for connections: all of them. */
const listening = 'tcp   LISTEN             0       0 0.0.0.0:80 ';

for (const [listens, row, id, detail] of [
	[
		'at another port',
		listening.replace(':80 ', ':81 '),
		'target-port-closed',
		/no socket of a container of \S+ waits for tcp 80/,
	],
	[
		'on loopback alone',
		listening.replace('0.0.0.0:80 ', '127.0.0.1:80 '),
		'target-port-on-loopback',
		/has tcp 80 on 127\.0\.0\.1 alone/,
	],
] as const) {
	test(`a server that listens ${listens} is named, and swarm is not`, t => {
		const {causes, ruledOut} = diagnose(
			change(healthy(), undefined, ['container-network'], text => text.replace(listening, row)),
		);
		t.deepEqual(
			causes.map(cause => [cause.id, cause.blame, cause.nodes]),
			[[id, 'service', ['m1', 'w1', 'w2']]],
		);
		t.regex(causes[0]!.lines[0]!.text, detail);
		t.is(ruledOut.includes('a program listens at the target of each published port'), id === 'target-port-on-loopback');
	});
}

/** All containers were started so many seconds before their node was read. */
const startedBefore = (evidence: Evidence, seconds: number) =>
	change(evidence, undefined, ['containers'], (text, {node}) => {
		const {startedAt} = evidence.index.nodes.find(({name}) => name === node)!;
		return text.replace(
			/"StartedAt": "[^"]*"/g,
			`"StartedAt": "${new Date((startedAt! - seconds) * 1000).toISOString()}"`,
		);
	});

test('a program that was started just before may not listen yet', t => {
	const closed = () =>
		change(healthy(), undefined, ['container-network'], text =>
			text.replace(listening, listening.replace(':80 ', ':81 ')),
		);
	t.deepEqual(namedOf(startedBefore(closed(), 3)), []);
	t.deepEqual(namedOf(startedBefore(closed(), 40)), [['target-port-closed', 'm1', 'w1', 'w2']]);
});

/** Shaped, filtered or damaged is what somebody has done to a container, however long it has run. */
const always = ['traffic-control-inside', 'rule-inside-drops', 'segments-corrupted'];
const insideProbes = ['container-network', 'container-resolvers'];

for (const [fault, id, apply] of cases.filter(([, name, make]) => {
	const before = healthy().sections;
	const changed = make(healthy()).sections.filter(({text}, at) => text !== before[at]?.text);
	return changed.every(({probe}) => insideProbes.includes(probe)) && changed.length > 0 && !always.includes(name);
})) {
	test(`in containers that were only starting it is no cause: ${fault}`, t => {
		t.true(namedOf(startedBefore(apply(healthy()), 20)).some(([named]) => named === id));
		t.deepEqual(namedOf(startedBefore(apply(healthy()), -1)), [], 'it ran after the node was read');
		const starting = change(apply(healthy()), undefined, ['containers'], text =>
			text.replaceAll('"Running": true', '"Running": false'),
		);
		t.deepEqual(namedOf(starting), []);
	});
}

test('of evidence without sockets of containers, nothing is said about who listens', t => {
	const {causes} = diagnose(
		change(healthy(), undefined, ['container-network'], text => text.replace(/^Netid .*\n(?:(?:tcp|udp).*\n)*/m, '')),
	);
	t.deepEqual(causes, []);
});

for (const [message, id, state] of [
	['invalid mount config for type "bind": bind source path does not exist: /nope', 'container-not-made', 'rejected'],
	['task: unhealthy container', 'health-check-fails', 'failed'],
	['No such image: site:latest', 'image-not-there', 'rejected'],
	['no suitable node (scheduling constraints not satisfied on 3 nodes)', 'no-node-fits', 'pending'],
	['task: non-zero exit (3)', 'program-ends', 'failed'],
] as const) {
	test(`no task of a service runs: '${message}' is ${id}`, t => {
		const service = {ID: 'aservice', Spec: {Name: 'site'}, Endpoint: {}};
		const task = (number: number) => ({
			...{
				ID: `task${number}`,
				ServiceID: 'aservice',
				NodeID: '',
				DesiredState: state === 'pending' ? 'running' : 'shutdown',
			},
			Status: {State: state, Err: message},
		});
		const also = (more: object[]) => (text: string) =>
			text.trim() === '' ? text : JSON.stringify([...(JSON.parse(text) as object[]), ...more], undefined, 4);
		const evidence = change(healthy(), undefined, ['services'], also([service]));
		const {causes} = diagnose(change(evidence, undefined, ['tasks', 'tasks-after'], also([task(1), task(2)])));
		t.deepEqual(
			causes.map(cause => [cause.id, cause.nodes]),
			[[id, ['m1']]],
		);
		t.true(causes[0]!.cause.includes(`(site: ${message})`), causes[0]!.cause);
	});
}

test('a service whose program ends each time has no rules of the mesh, and nothing has removed them', t => {
	const service = {
		...{ID: 'aservice', Spec: {Name: 'site'}},
		Endpoint: {Ports: [{Protocol: 'tcp', TargetPort: 90, PublishedPort: 8099, PublishMode: 'ingress'}]},
	};
	const ended = (number: number) => ({
		...{ID: `task${number}`, ServiceID: 'aservice', NodeID: '', DesiredState: 'shutdown'},
		Status: {State: 'failed', Err: 'task: non-zero exit (1)'},
	});
	const also = (more: object[]) => (text: string) =>
		text.trim() === '' ? text : JSON.stringify([...(JSON.parse(text) as object[]), ...more], undefined, 4);
	const evidence = change(healthy(), undefined, ['services'], also([service]));
	const {causes} = diagnose(change(evidence, undefined, ['tasks', 'tasks-after'], also([ended(1), ended(2)])));
	t.deepEqual(
		causes.map(({id}) => id),
		['program-ends'],
	);
});

/** Since 28.0 FORWARD leads to the chain of the routing mesh by way of another one. */
const laterEngine = () =>
	change(fixture('forward-flushed'), 'w1', both('packet-filter'), text =>
		text.replace(
			/^(?=\[.*-A DOCKER-FORWARD)/m,
			'[9:540] -A FORWARD -j DOCKER-USER\n[9:540] -A FORWARD -j DOCKER-FORWARD\n',
		),
	);

const rulesOfMesh: [what: string, apply: (evidence: Evidence, probes: string[]) => Evidence, ids: string[]][] = [
	[
		'the jump of DOCKER-FORWARD is gone',
		(e, probes) => change(e, 'w1', probes, text => text.replace(/^.*-A DOCKER-FORWARD -j DOCKER-INGRESS\n/m, '')),
		['no-jump-to-mesh'],
	],
	[
		'DOCKER-FORWARD was flushed',
		(e, probes) => change(e, 'w1', probes, text => text.replace(/^.*-A DOCKER-FORWARD .*\n/gm, '')),
		['no-jump-to-mesh'],
	],
	[
		'DOCKER-INGRESS of the filter table was flushed',
		(e, probes) => change(e, 'w1', probes, text => text.replace(/^.*-A DOCKER-INGRESS .*-j ACCEPT\n/gm, '')),
		['mesh-rules-missing'],
	],
	[
		'a rule in DOCKER-INGRESS drops',
		(e, probes) =>
			change(e, 'w1', probes, text =>
				text.replace(
					/^(?=\[.*-A DOCKER-INGRESS .*ACCEPT)/m,
					`[${text.includes('== nft') ? 7 : 9}:420] -A DOCKER-INGRESS -i eth1 -p tcp -m tcp --dport 8080 -j DROP\n`,
				),
			),
		['dropped-by-rule'],
	],
	[
		'a rule in DOCKER-FORWARD drops',
		(e, probes) =>
			change(e, 'w1', probes, text =>
				text.replace(
					/^(?=\[.*-A DOCKER-FORWARD)/m,
					`[${text.includes('== nft') ? 7 : 9}:420] -A DOCKER-FORWARD -p tcp -m tcp --dport 8080 -j DROP\n`,
				),
			),
		['dropped-by-rule'],
	],
];

test('nothing is named of the packet filter of a later engine as the engine leaves it', t => {
	t.deepEqual(diagnose(laterEngine()).causes, []);
});

for (const [what, apply, ids] of rulesOfMesh) {
	test(`a later engine, ${what}: ${ids.join()}, if both readings have it`, t => {
		const named = (evidence: Evidence) => diagnose(evidence).causes.map(({id}) => id);
		t.deepEqual(named(apply(laterEngine(), both('packet-filter'))), ids);
		t.deepEqual(named(apply(laterEngine(), ['packet-filter'])), []);
	});
}

test('an update that is paused is named, and one that is under way is not', t => {
	const update = (State: string) =>
		diagnose(
			change(healthy(), 'm1', ['services'], text => {
				const [first, ...others] = JSON.parse(text) as object[];
				const UpdateStatus = {State, Message: 'update paused due to failure or early termination of task x'};
				return JSON.stringify([{...first, UpdateStatus}, ...others], undefined, 4);
			}),
		).causes.map(({id, nodes}) => [id, ...nodes]);
	t.deepEqual(update('paused'), [['update-paused', 'm1']]);
	t.deepEqual(update('rollback_paused'), [['update-paused', 'm1']]);
	t.deepEqual(update('updating'), []);
	t.deepEqual(update('rollback_completed'), []);
});

/** The same cell without its third node. */
function withoutThird(evidence: Evidence): Evidence {
	const {index, sections} = evidence;
	const isThere = ({node, name = node}: {node?: string; name?: string}) => name !== 'w2';
	const without = (section: EvidenceSection) =>
		section.probe === 'path'
			? section.text.replace(/^.*10\.99\.0\.3.*\n/gm, '')
			: section.probe === 'nodes' && section.text.startsWith('[')
				? JSON.stringify(
						(JSON.parse(section.text) as {Status: {Addr: string}}[]).filter(({Status}) => Status.Addr !== address.w2),
					)
				: section.text;
	return {
		index: {...index, nodes: index.nodes.filter(isThere), entries: index.entries.filter(isThere)},
		sections: sections.filter(isThere).map(section => ({...section, text: without(section)})),
	};
}

/** What keeps a node from the others, where only two are there to compare: both are at the end of each way that is broken. */
const atOneOfTwo: [what: string, id: string, apply: (evidence: Evidence) => Evidence][] = [
	[
		'one has lost its address, and sends from another one',
		'lan-address-gone',
		e =>
			change(
				onLan(unanswered(e, 'm1'), (_, to) => (to === 'm1' ? silentOnLan : undefined)),
				'm1',
				['addresses'],
				text => text.replaceAll(' 10.99.0.1/', ' 10.99.0.77/'),
			),
	],
	...cases
		.filter(([, id]) =>
			['input-dropped-by-node', 'card-down', 'overlay-device-down', 'dropped-inside-node'].includes(id),
		)
		.map(([what, id, apply]): [string, string, typeof apply] => [what, id, apply]),
];

for (const [what, id, apply] of atOneOfTwo) {
	test(`of two nodes, ${what}: the network is not blamed for what the other one misses`, t => {
		const {causes} = diagnose(withoutThird(apply(healthy())));
		t.true(
			causes.some(each => each.id === id),
			id,
		);
		t.deepEqual(
			causes.filter(({blame}) => blame === 'network').map(each => [each.id, ...each.nodes]),
			[],
		);
	});
}

test('what follows from a device of an overlay is no cause of its own', t => {
	const ids = (evidence: Evidence) => diagnose(evidence).causes.map(({id}) => id);
	const overlay = (by: (text: string) => string) =>
		ids(
			change(healthy(), 'w1', both('overlay'), (text, {namespace}) => (namespace === '1-kj44q3622l' ? by(text) : text)),
		);
	t.deepEqual(
		overlay(text => text.replace(/(vxlan0\S* <.*> mtu )1450/, '$11200')),
		['mtu-of-overlay'],
	);
	t.deepEqual(
		overlay(text =>
			text
				.replace(/(\d+: br0: <BROADCAST,MULTICAST),UP,LOWER_UP(>.*)/, '$1$2')
				.replaceAll('state forwarding', 'state disabled'),
		),
		['overlay-device-down'],
	);
});
