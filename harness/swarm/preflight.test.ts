import test from 'ava';
import type {Machine} from '../machine/index.ts';
import {type Engine, type Kernel, nodesOf} from '../model/index.ts';
import {isVersion, preflightAll} from './preflight.ts';

for (const [printed, asked, same] of [
	['20.10.24+dfsg1', '20.10.24', true],
	['20.10.24', '20.10.24', true],
	['20.10.241', '20.10.24', false],
	['20.10.24.1', '20.10.24', false],
	['1.12.1', '1.12.2', false],
	['28.5.2~rc1', '28.5.2', true],
] as const) {
	test(`Docker ${printed} is ${same ? '' : 'not '}version ${asked}`, t => {
		t.is(isVersion(printed, asked), same);
	});
}

const kernel = {
	release: '6.1.0-52-amd64',
	source: {type: 'package', package: {name: 'linux-image', version: '6.1', suite: 'bookworm'}},
} as Kernel;
const engine = {version: '26.1.5'} as Engine;
const [m1, w1] = nodesOf({managers: 1, workers: 1, memory: 1024, cpus: 1}, {kernel, engine});
const nodes = [m1!, {...w1!, engine: {...engine, version: '20.10.24'}}];

/** A machine that has all that swarm needs. */
function machine(name: string, version: string): Machine {
	return {
		name,
		run: async (command: string | string[]) =>
			typeof command === 'string' ? `${kernel.release}\niptables v1.8.9 (nf_tables)` : '',
		ask: async () => ({Version: version}),
		trouble: (what: string) => new Error(`${name} ${what}`),
	} as unknown as Machine;
}

test('each machine is compared with its own node', async t => {
	await t.notThrowsAsync(preflightAll([machine('m1', '26.1.5'), machine('w1', '20.10.24+dfsg1')], nodes));
	await t.throwsAsync(preflightAll([machine('m1', '26.1.5'), machine('w1', '26.1.5')], nodes), {
		message: 'w1 runs Docker 26.1.5 and not 20.10.24',
	});
	await t.throwsAsync(preflightAll([machine('w2', '26.1.5')], nodes), {message: /no node w2/});
});
