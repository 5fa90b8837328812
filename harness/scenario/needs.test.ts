import test from 'ava';
import type {Cell} from '../model/index.ts';
import {providers} from '../providers/providers.ts';
import {problemsOf} from './announced.ts';
import {lackingFaults, needsRules} from './needs.ts';

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

test('a place of faults that there is not is refused', t => {
	const [problem] = problemsOf('scenario(title, needs, prove)', ['a claim', {faults: ['links']}, () => {}], needsRules);
	t.regex(problem ?? '', /faults: \["links"\] is not valid\. Valid: a list of 'link'/);
});
