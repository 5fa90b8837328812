/** On real evidence: a healthy swarm of three nodes, and the same with one thing changed. */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync} from 'node:zlib';
import test from 'ava';
import type {Evidence, EvidenceSection} from '../model/index.ts';
import {explain, rank} from './state.ts';

const real = (name: string): Evidence =>
	JSON.parse(
		gunzipSync(readFileSync(path.join(import.meta.dirname, '../diagnosis/fixtures', `${name}.json.gz`))).toString(),
	);
const healthy = real('healthy');

/** Returns the evidence with each section changed as the function says. */
function changed(change: (section: EvidenceSection) => string): Evidence {
	return {...healthy, sections: healthy.sections.map(each => ({...each, text: change(each)}))};
}

const untuned = changed(({probe, text}) =>
	probe === 'balancer' || probe === 'ingress'
		? text
				.replace('vs/conn_reuse_mode:1', 'vs/conn_reuse_mode:0')
				.replace('vs/expire_nodest_conn:0', 'vs/expire_nodest_conn:1')
		: text,
);
const blocked = (node: string) =>
	changed(section =>
		section.probe === 'packet-filter' && section.node.startsWith(node)
			? section.text.replace(
					'\n[0:0] -A FORWARD -j DOCKER-USER',
					'\n[7:99] -A INPUT -s 10.1.2.3/32 -j DROP\n[0:0] -A FORWARD -j DOCKER-USER',
				)
			: section.text,
	);

test('a swarm compared with itself has nothing that explains a difference', t => {
	t.deepEqual(explain([healthy], [healthy]), []);
});

test('ids, addresses, marks, counters and ports that differ are no difference', t => {
	const other = changed(({probe, text}) =>
		(probe === 'packet-filter' ? text.replaceAll(/\[\d+:\d+\]/g, '[9:99]') : text)
			.replaceAll('10.200.1.', '10.77.3.')
			.replaceAll('0x101/', '0x1ff/')
			.replaceAll('127.0.0.11:40857', '127.0.0.11:41000')
			.replaceAll(/02:42:0a:c8/g, '02:42:0b:99'),
	);
	t.deepEqual(explain([healthy], [other]), []);
});

test('sysctls in the namespaces of balancers are found, by name and with both values', t => {
	const {explanations} = rank(explain([untuned], [healthy]), []);
	const {topic, place, places, facts, score} = explanations.find(each => each.place === 'lb_*')!;
	t.like({topic, place, score}, {topic: 'sysctl', place: 'lb_*', score: 1});
	t.deepEqual(
		facts.map(({key, a, b}) => [key, a[0]?.value, b[0]?.value]),
		[
			['net.ipv4.vs.conn_reuse_mode', '0', '1'],
			['net.ipv4.vs.expire_nodest_conn', '1', '0'],
		],
	);
	t.true(places.a > 1 && places.a === places.b);
});

test('the shortest explanation comes first, and one of a single node after those of all nodes', t => {
	const both = {
		...untuned,
		sections: untuned.sections.map((each, index) =>
			each.probe === 'packet-filter' ? blocked('').sections[index]! : each,
		),
	};
	const found = rank(explain([both], [healthy]), []).explanations;
	t.deepEqual(
		found.map(({topic, place, facts}) => [topic, place, facts.length]),
		[
			['packet filter', 'node', 1],
			['sysctl', 'lb_*', 2],
			['sysctl', 'ingress_sbox', 2],
		],
	);
	const [alone] = rank(explain([blocked('m1')], [healthy]), []).explanations;
	t.true(alone!.score < 0.5, 'nodes of one side differ in it');
	t.deepEqual(
		alone!.facts[0]!.a.map(({places}) => places),
		[2, 1],
	);
});

test('state comes before logs, which only say what happened, though a log differs in one line', t => {
	const logged = changed(({probe, text}) =>
		probe === 'kernel-log'
			? `${text}\n[99999.000000] br0: port 1(vxlan0) entered a state of its own\n`
			: probe === 'balancer' || probe === 'ingress'
				? text
						.replace('vs/conn_reuse_mode:1', 'vs/conn_reuse_mode:0')
						.replace('vs/expire_nodest_conn:0', 'vs/expire_nodest_conn:1')
				: text,
	);
	const {explanations} = rank(explain([logged], [healthy]), []);
	t.deepEqual(
		explanations.map(({topic, facts}) => [topic, facts.length]),
		[
			['sysctl', 2],
			['sysctl', 2],
			['kernel log', 1],
		],
	);
});

test('what differs also where both sides behave alike is set apart', t => {
	const [found, usual] = [explain([untuned], [healthy]), explain([blocked('')], [healthy])];
	const both = [...found, ...usual];
	const {explanations, alsoAlike} = rank(both, usual);
	t.deepEqual([...new Set(explanations.map(({topic}) => topic))], ['sysctl']);
	t.deepEqual(
		alsoAlike.map(({topic, facts}) => [topic, facts.length]),
		[['packet filter', 1]],
	);
});

test('nodes that lost each other: the log of the engine says so on all of them, and the claim’s beginning cuts it', t => {
	const lost = real('lost-each-other');
	const [first] = rank(explain([lost], [healthy]), []).explanations;
	t.is(first!.topic, 'dockerd log');
	t.true(first!.facts.some(({key}) => key === 'info: "Node ID change state NodeActive --> NodeFailed"'));
	const after = {...lost, index: {...lost.index, since: lost.index.nodes[0]!.sentAt + 3600}};
	t.deepEqual(
		explain([after], [{...healthy, index: {...healthy.index, since: healthy.index.nodes[0]!.sentAt + 3600}}]).filter(
			({topic}) => topic === 'dockerd log',
		),
		[],
	);
});

test('a namespace that one side does not have is counted', t => {
	const without = {...healthy, sections: healthy.sections.filter(({namespace}) => !namespace?.startsWith('lb_'))};
	const found = explain([healthy], [without]).find(({topic}) => topic === 'namespaces');
	t.deepEqual(
		found!.facts.map(({key, b}) => [key, b[0]!.value]),
		[['lb_*', undefined]],
	);
});

test('a namespace of which only the file is left is none', t => {
	const gone = changed(({namespace, text}) =>
		namespace?.startsWith('lb_') ? "nsenter: setns(): can't reassociate to namespace 'net': Invalid argument\n" : text,
	);
	const found = explain([healthy], [gone]);
	t.deepEqual(
		found.map(({topic, facts}) => [topic, facts.map(({key, b}) => [key, b[0]!.value])]),
		[['namespaces', [['lb_*', undefined]]]],
	);
});
