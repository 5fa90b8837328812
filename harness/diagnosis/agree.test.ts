/** Over real evidence of three nodes: see diagnose.test.ts for what the fixtures are. */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync} from 'node:zlib';
import test from 'ava';
import type {Evidence, EvidenceSection} from '../model/index.ts';
import {agreementOf} from './agree.ts';
import {kernelTroubles} from './kernel-troubles.ts';

const again = /-after$/;

/** The two readings of a folder of evidence. */
function readings(name: string): [Evidence, Evidence] {
	const file = path.join(import.meta.dirname, `fixtures/${name}.json.gz`);
	const evidence = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Evidence;
	const {index, sections} = evidence;
	const first = sections.filter(({probe}) => !again.test(probe));
	const last = sections
		.filter(({probe}) => again.test(probe))
		.map(each => ({...each, probe: each.probe.replace(again, '')}));
	const same = first.filter(({probe}) => ['services', 'nodes', 'networks', 'xfrm'].includes(probe));
	return [
		{index, sections: first},
		{index, sections: [...last, ...same]},
	];
}

const said = (found: ReturnType<typeof agreementOf>) => found.map(({says}) => says);

for (const [name, expected] of [
	['healthy', []],
	['stale-backend', ["m1 balances to 10.200.1.250 on network net2, which is no task's address"]],
	[
		'fdb-row-deleted',
		[
			'w2 has no forwarding row for 10.200.1.4 on network net2, a task on 10.99.0.1',
			'w2 has no forwarding row for 10.200.1.3 on network net2, a task on 10.99.0.2',
		],
	],
] as const) {
	test(`real readings, ${name}: ${expected.length === 0 ? 'nothing is said' : 'it is said'}`, t => {
		const [first, last] = readings(name);
		t.deepEqual(said(agreementOf(first, last)).sort(), [...expected].sort());
		t.deepEqual(said(agreementOf(first, first)).sort(), [...expected].sort());
	});
}

function changed({index, sections}: Evidence, node: string, probe: string, by: (text: string) => string): Evidence {
	let any = false;
	const made = sections.map((each): EvidenceSection => {
		const text = each.node === node && each.probe === probe ? by(each.text) : each.text;
		any ||= text !== each.text;
		return {...each, text};
	});
	if (!any) {
		throw new Error(`nothing of ${probe} was changed`);
	}

	return {index, sections: made};
}

const withoutRow = (reading: Evidence) =>
	changed(reading, 'w1', 'balancer', text => text.replace(/^ +-> 0AC80104:0000 .*\n/m, ''));

test('what only one reading has is just changing', t => {
	const [first, last] = readings('healthy');
	t.deepEqual(said(agreementOf(withoutRow(first), last)), []);
	t.deepEqual(said(agreementOf(first, withoutRow(last))), []);
	t.deepEqual(said(agreementOf(withoutRow(first), withoutRow(last))), [
		'w1 does not balance to 10.200.1.4 on network net2, where a task runs',
	]);
});

test('a row of weight 0 is there, and gets nothing', t => {
	const [first, last] = readings('healthy');
	const idle = (reading: Evidence) =>
		changed(reading, 'w1', 'balancer', text => text.replace(/^( +-> 0AC80104:0000 +\S+ +)1 /gm, '$10 '));
	t.deepEqual(said(agreementOf(idle(first), idle(last))), [
		'w1 has 10.200.1.4 on network net2 with weight 0, so this task gets no connection',
	]);
});

test('peers and keys count only if both readings differ', t => {
	const [first, last] = readings('healthy');
	const alone = (reading: Evidence) =>
		changed(reading, 'w2', 'networks', text =>
			text.replace(/,?\s*\{\s*"Name": "[0-9a-f]+",\s*"IP": "10\.99\.0\.2"\s*\}/g, '').replace(/\[\s*,/g, '['),
		);
	t.deepEqual(said(agreementOf(alone(first), last)), []);
	t.true(
		said(agreementOf(alone(first), alone(last))).every(each =>
			/^w2 does not know that 10\.99\.0\.2 take part in network /.test(each),
		),
	);
	t.not(agreementOf(alone(first), alone(last)).length, 0);
});

test('a node that did not answer is left out, and so are its tasks', t => {
	const [first, last] = readings('fdb-row-deleted');
	const silent = (reading: Evidence, name: string): Evidence => ({
		...reading,
		index: {
			...reading.index,
			nodes: reading.index.nodes.map(each => (each.name === name ? {...each, trouble: 'no answer'} : each)),
		},
	});
	t.deepEqual(said(agreementOf(silent(first, 'w2'), last)), []);
	t.deepEqual(said(agreementOf(first, silent(last, 'w1'))), [
		'w2 has no forwarding row for 10.200.1.4 on network net2, a task on 10.99.0.1',
	]);
});

test('a kernel that can have no balancer lacks no rows', t => {
	const [first, last] = readings('healthy');
	const none = (reading: Evidence) => changed(reading, 'w1', 'balancer', () => 'x\n');
	t.deepEqual(said(agreementOf(none(first), none(last))), [
		'w1 has no IPVS table for network net2, which has 3 running tasks',
	]);
	t.deepEqual(said(agreementOf(none(first), none(last), new Set(['w1']))), []);
});

/** Adds answers of the name server of w1. */
function naming([first, last]: [Evidence, Evidence], answers: string[][]): [Evidence, Evidence] {
	const id = /"Id": "(rij54iw4v[a-z0-9]*)"/.exec(first.sections.find(({probe}) => probe === 'networks')!.text)![1]!;
	const withNames = (reading: Evidence, lines: string[]): Evidence => ({
		...reading,
		sections: [
			...reading.sections,
			{node: 'w1', probe: 'names', namespace: id, file: 'w1/names.txt', bytes: 0, text: `${lines.join('\n')}\n`},
		],
	});
	return [withNames(first, answers[0]!), withNames(last, answers[1]!)];
}

const answer = (name: string, ...addresses: string[]) => addresses.map(each => `${name}.\t600\tIN\tA\t${each}`);
const tasks = ['10.200.1.3', '10.200.1.4', '10.200.1.5'];

test('names lead to the virtual address and to all tasks', t => {
	const service = 'web';
	const right = [...answer(service, '10.200.1.2'), ...answer(`tasks.${service}`, ...tasks)];
	t.deepEqual(said(agreementOf(...naming(readings('healthy'), [right, right]))), []);
	const lacking = [...answer(service, '10.200.1.2'), ...answer(`tasks.${service}`, ...tasks.slice(1))];
	t.deepEqual(said(agreementOf(...naming(readings('healthy'), [lacking, right]))), []);
	t.deepEqual(said(agreementOf(...naming(readings('healthy'), [lacking, lacking]))), [
		'w1 resolves tasks.web on network net2 to 10.200.1.4, 10.200.1.5, and 10.200.1.3, 10.200.1.4, 10.200.1.5 would be right',
	]);
	const more = [...answer(service, '10.200.1.2'), ...answer(`tasks.${service}`, ...tasks, '10.200.1.99')];
	t.deepEqual(said(agreementOf(...naming(readings('healthy'), [more, more]))), [
		'w1 resolves tasks.web on network net2 to 10.200.1.3, 10.200.1.4, 10.200.1.5, 10.200.1.99, and 10.200.1.3, 10.200.1.4, 10.200.1.5 would be right',
	]);
	const wrong = [...answer(service, '10.200.1.9'), ...answer(`tasks.${service}`, ...tasks)];
	t.deepEqual(said(agreementOf(...naming(readings('healthy'), [wrong, wrong]))), [
		'w1 resolves web on network net2 to 10.200.1.9, and 10.200.1.2 would be right',
	]);
});

test('a kernel that reports a fault is heard, and a stall only if the CPUs had time', t => {
	const lines = [
		'[  10.1] IPVS: ipvs loaded.',
		'[  11.2] WARNING: CPU: 0 PID: 812 at net/core/dev.c:1 x+0x1/0x2',
		'[  12.3] watchdog: BUG: soft lockup - CPU#0 stuck for 22s!',
		'[  13.4] Out of memory: Killed process 812 (nginx)',
		'[  14.5] rcu: INFO: rcu_sched detected stalls on CPUs/tasks',
		'swarmlab: WARNING is a word',
	];
	t.deepEqual(kernelTroubles(lines, false), lines.slice(1, 5));
	t.deepEqual(kernelTroubles(lines, true), [lines[1], lines[3]]);
});
