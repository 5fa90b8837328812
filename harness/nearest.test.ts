import test from 'ava';
import {nearest} from './nearest.ts';

const rows: [given: string, candidates: string[], expected: string[]][] = [
	['kernals', ['kernels', 'engines'], ['kernels']],
	['6.2', ['5.10', '6.1', '6.12'], ['6.1', '6.12']],
	['run', ['gc', 'down', 'up'], ['up']],
	['scenarios/vpi.ts', ['scenarios/vip.ts', 'scenarios/dns.ts'], ['scenarios/vip.ts', 'scenarios/dns.ts']],
	['zzzzzzz', ['kernels'], []],
	['KERNELS', ['kernels'], ['kernels']],
];

for (const [given, candidates, expected] of rows) {
	test(`'${given}' among ${candidates.join(', ')} is near ${expected.join(', ') || 'none'}`, t => {
		t.deepEqual(nearest(given, candidates), expected);
	});
}
