import test from 'ava';
import type {Provider} from '../providers/provider.ts';
import {cellOf} from './fixtures/in-memory.ts';
import {hostFacts, withHostKernels} from './host-facts.ts';

const withKernel = (hostKernel: Provider['hostKernel']) => ({memory: {hostKernel} as unknown as Provider});
const host = {label: 'host', release: '', source: {type: 'host' as const}};
const plain = cellOf('a', {managers: 1, workers: 1});
const mixed = {...plain, nodes: plain.nodes.with(0, {...plain.nodes[0]!, kernel: host})};
const releases = ({nodes}: typeof mixed) => nodes.map(({kernel}) => kernel.release);

test('nodes on the kernel of their host get its release, and no others', async t => {
	const [cell] = await withHostKernels(
		[mixed],
		withKernel(async () => '6.18.1'),
	);
	t.deepEqual(releases(cell!), ['6.18.1', '6.1.1']);
});

test('the host is asked once for all cells', async t => {
	let asked = 0;
	await withHostKernels(
		[mixed, mixed],
		withKernel(async () => {
			asked += 1;
			return '6.18.1';
		}),
	);
	t.is(asked, 1);
});

test('a provider that cannot tell the release ends no run', async t => {
	const failing = withKernel(async () => Promise.reject(new Error('it does not answer')));
	t.deepEqual(await withHostKernels([mixed], failing), [mixed]);
	t.deepEqual(await withHostKernels([mixed], {memory: {} as Provider}), [mixed]);
});

test.serial('where no cell boots a kernel, no accelerator is looked for', async t => {
	const cell = {...mixed, provider: 'container' as const};
	const facts = await hostFacts([cell], {});
	t.is(facts.accelerator, 'none');
	t.not((await hostFacts([{...cell, provider: 'qemu' as const}], {})).accelerator, 'none');
});
