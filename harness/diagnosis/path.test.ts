/** Over real evidence: see diagnose.test.ts for what the fixtures are. */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync} from 'node:zlib';
import test from 'ava';
import type {Evidence, PacketPath} from '../model/index.ts';
import {diagnose} from './diagnose.ts';
import {timelineOf} from './timeline.ts';

function fixture(name: string): Evidence {
	const file = path.join(import.meta.dirname, `fixtures/${name}.json.gz`);
	return JSON.parse(gunzipSync(readFileSync(file)).toString()) as Evidence;
}

const places = ['client', 'balancer', 'sender', 'wire', 'receiver', 'task'];
const stops = ({from, to, hops}: PacketPath) => [from, to, hops.find(({state}) => state === 'stops')?.at];

for (const [name, expected] of [
	['healthy', [['m1', 'w1', undefined]]],
	[
		'vxlan-dropped',
		[
			['m1', 'w1', 'receiver'],
			['w2', 'w1', 'receiver'],
		],
	],
	['stale-backend', [['m1', '', 'balancer']]],
	['fdb-row-deleted', [['w2', 'm1', 'sender']]],
] as const) {
	test(`real evidence, ${name}: the way of a packet ends where it was cut`, t => {
		const {paths = [], causes} = diagnose(fixture(name));
		for (const {lines} of causes) {
			t.is(new Set(lines.map(line => JSON.stringify(line))).size, lines.length, 'a line is shown once');
		}

		t.deepEqual(paths.map(stops) as unknown, expected);
		for (const {hops, sentence} of paths) {
			t.deepEqual(
				hops.map(({at}) => at),
				places as never,
			);
			t.true(
				hops.every(({says}) => says.length > 0 && says.every(each => each !== '')),
				JSON.stringify(hops),
			);
			t.regex(sentence, /^A packet from a client on \w+ to [\d.]+/);
		}
	});
}

test('packets that are lost between two nodes stop there, and both ends are told with their counters', t => {
	const evidence = fixture('healthy');
	for (const section of evidence.sections.filter(({probe}) => probe === 'path')) {
		const [, other] = /^(m1|w1)$/.test(section.node)
			? [0, section.node === 'm1' ? '10.99.0.2' : '10.99.0.1']
			: [0, '-'];
		section.text = section.text
			.split('\n')
			.map(line => (line.includes(` ${other} `) ? line.replace(/\d+ received/, '0 received') : line))
			.join('\n');
	}

	const {paths = []} = diagnose(evidence);
	t.deepEqual(paths.map(stops), [['m1', 'w1', 'wire']]);
	const [client, balancer, sender, wire, receiver, task] = paths[0]!.hops;
	t.is(balancer!.says[0], 'row 10.200.1.3, weight 1, 0 connections');
	t.true(sender!.says.includes('vxlan0 sent 16'), sender!.says.join());
	t.regex(wire!.says[0]!, /^nothing comes back: 0 of \d+ echo requests were answered/);
	t.is(receiver!.says[0], 'w1 answers w2');
	t.deepEqual([client!.state, task!.node], ['unknown', 'w1']);
	t.regex(paths[0]!.sentence, /stops between the VXLAN devices of m1 and w1: nothing comes back/);
});

test('a place of which the evidence has nothing says so, and nothing is guessed', t => {
	const evidence = fixture('vxlan-dropped');
	evidence.sections = evidence.sections.filter(({probe}) =>
		['networks', 'tasks', 'tasks-after', 'services', 'nodes', 'path'].includes(probe),
	);
	const {paths = []} = diagnose(evidence);
	t.true(paths.length > 0);
	for (const {hops, sentence} of paths) {
		t.deepEqual(
			hops.map(({state}) => state).filter(state => state === 'stops'),
			[],
		);
		t.regex(sentence, /the evidence does not show where it stops\.$/);
		const at = (place: string) => hops.find(each => each.at === place)!;
		t.deepEqual(at('balancer').says, ['no IPVS table was read']);
		t.deepEqual(at('sender').says, ['its overlay was not read']);
		t.regex(at('client').says[0]!, /^no counters of a client on /);
	}
});

test('one node alone has no way to another', t => {
	const evidence = fixture('healthy');
	evidence.index.nodes = evidence.index.nodes.slice(0, 1);
	t.is(diagnose(evidence).paths, undefined);
});

test('logs of all nodes are one line of time, by the clock of this host', t => {
	const {index} = fixture('healthy');
	const log = (node: string, probe: string, text: string) => ({
		node,
		probe,
		file: `${node}/${probe}.txt`,
		bytes: 0,
		text,
	});
	const at = (seconds: number) => new Date(Date.UTC(2026, 10, 27, 1) + seconds * 1000).toISOString();
	const nodes = index.nodes.slice(0, 2).map((node, place) => ({
		...node,
		sentAt: Date.parse(at(30)) / 1000,
		answeredAt: Date.parse(at(40)) / 1000,
		// The clock of the second node is an hour ahead.
		startedAt: Date.parse(at(place === 0 ? 31 : 3640)) / 1000,
		uptime: 100,
	}));
	const evidence: Evidence = {
		index: {...index, takenAt: at(30), nodes},
		sections: [
			log(
				'm1',
				'dockerd-log',
				[
					`time="${at(1)}" level=info msg="before"`,
					`time="${at(12)}" level=debug msg="of no use"`,
					`time="${at(13)}" level=error msg="said \\"no\\"" task=x`,
					`time="${at(14)}" level=error msg="Inconsistent driver and libnetwork state for endpoint 1"`,
					`time="${at(35)}" level=error msg="while it was read"`,
				].join('\n'),
			),
			log(
				'm1',
				'kernel-log',
				'[   80.500000] IPVS: ipvs loaded.\n[   81.5] br0: port 1(veth0) entered blocking state\n',
			),
			log('w1', 'dockerd-log', `time="${at(3620)}" level=warning msg="an hour ahead"`),
		],
	};
	const more = [{at: at(10), node: '', source: 'scenario' as const, text: 'it began'}];
	t.deepEqual(timelineOf(evidence, {from: at(10), more}), [
		...more,
		{at: at(11.5), node: 'm1', source: 'kernel', text: 'IPVS: ipvs loaded.'},
		{at: at(13), node: 'm1', source: 'engine', text: 'error: said "no" task=x'},
		{at: at(20), node: 'w1', source: 'engine', text: 'warning: an hour ahead'},
	]);
});

test('a time line is bounded: what engines report as information is left out first, and the oldest', t => {
	const {index} = fixture('healthy');
	const second = (n: number) => new Date(Date.UTC(2026, 10, 27, 1, 0, 0) + n * 1000).toISOString();
	const text = Array.from(
		{length: 500},
		(_, n) => `time="${second(n)}" level=${n % 10 === 0 ? 'error' : 'info'} msg="number ${n} ${'x'.repeat(1000)}"`,
	).join('\n');
	const nodes = [{...index.nodes[0]!, sentAt: 0, startedAt: 0, answeredAt: 0}];
	const sections = [{node: 'm1', probe: 'dockerd-log', file: 'm1/dockerd-log.txt', bytes: 0, text}];
	const entries = timelineOf({index: {...index, takenAt: second(600), nodes}, sections}, {from: second(0)});
	t.is(entries.length, 80);
	t.is(entries.filter(each => each.text.startsWith('error')).length, 50);
	t.regex(entries.at(-1)!.text, /^info: number 499 /);
	t.true(entries.every(each => each.text.length <= 300));
});
