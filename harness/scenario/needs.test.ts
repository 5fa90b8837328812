import test from 'ava';
import type {Cell} from '../model/index.ts';
import {providers} from '../providers/providers.ts';
import {problemsOf} from './announced.ts';
import {lacking, lackingFaults} from './lacking.ts';
import {needsRules} from './needs.ts';

const cellOf = (provider: string) => ({cell: {provider} as Cell, faults: providers[provider]!.faults});

test('a scenario with faults is skipped, with the reason, where the provider can have none of that kind', t => {
	t.is(
		lackingFaults(cellOf('container'), {faults: ['node', 'machine']}),
		'needs faults of clock, disk, memory and modules, which the provider container cannot have',
	);
	t.regex(lackingFaults(cellOf('vagrant'), {faults: ['power']}) ?? '', /provider vagrant cannot have/);
	t.is(
		lackingFaults({cell: {provider: 'other'} as Cell}, {faults: ['link', 'node']}),
		'needs faults on links and in nodes, which the provider other cannot have',
	);
	t.is(lackingFaults(cellOf('qemu'), {faults: ['link', 'node', 'machine', 'power']}), undefined);
	t.is(lackingFaults(cellOf('container'), {faults: ['link', 'node', 'power']}), undefined);
	t.is(lackingFaults(cellOf('container'), {}), undefined);
});

const cell = (engine: string, kernel: string, label = kernel) => ({
	nodes: [
		{engine: {version: engine}, kernel: {label, release: kernel}, role: 'manager', name: 'm1'},
	] as unknown as Cell['nodes'],
});

test('a bare engine version is the first that does, and a range has both ends', t => {
	t.is(lacking(cell('20.10.24', '6.1.1'), {engine: '18.06'}), undefined);
	t.is(lacking(cell('17.12.1', '6.1.1'), {engine: '18.06'}), 'needs Docker 18.06 or newer, the cell has 17.12.1');
	t.is(lacking(cell('26.1.5', '6.1.1'), {engine: '>=18.06 <24'}), 'needs Docker >=18.06 <24, the cell has 26.1.5');
	t.is(lacking(cell('23.0.1', '6.1.1'), {engine: '>=18.06 <24'}), undefined);
});

test('the version of the kernel is that of its package; of a Docker host it is the release', t => {
	t.is(lacking(cell('28.5.2', '6.1.0-42-amd64', '6.1.180'), {kernelVersion: '>=6.1.170'}), undefined);
	t.is(
		lacking(cell('28.5.2', '6.12.1', 'host'), {kernelVersion: '<6.12'}),
		'needs a kernel <6.12, the cell has 6.12.1',
	);
});

for (const [needs, message] of [
	[{engine: 'newest'}, /engine: 'newest' is not valid\. Valid: a version, such as '18\.06', or a range/],
	[{kernelVersion: '~6'}, /kernelVersion: '~6' is not valid\. Valid: a range of versions/],
	[{tags: ['Smoke test']}, /tags: \["Smoke test"\] is not valid\. Valid: a list of words such as 'smoke'/],
] as const) {
	test(`${JSON.stringify(needs)} is refused when it is announced`, t => {
		const [problem] = problemsOf('scenario(title, needs, prove)', ['a claim', needs, () => {}], needsRules);
		t.regex(problem ?? '', message);
	});
}

test('a place of faults that there is not is refused', t => {
	const [problem] = problemsOf('scenario(title, needs, prove)', ['a claim', {faults: ['links']}, () => {}], needsRules);
	t.regex(problem ?? '', /faults: \["links"\] is not valid\. Valid: a list of 'link'/);
});
