import test from 'ava';
import {matches} from './match.ts';

const id = 'qemu-k6.1.180-generic-d20.10.24-1m2w-2048MiB';

const rows: [pattern: string, name: string, expected: boolean][] = [
	['k6.1', id, true],
	['6.1', id, true],
	['6.1.18', id, false],
	['k6.1', 'qemu-k6.12.48-d26.1.5-1m2w', false],
	['k6.1', 'qemu-k6.12.48-d6.1-k6.1.1-1m2w', true],
	['k6.12', 'qemu-k6.1.180-d26.1.5-1m2w', false],
	['d2', 'qemu-k6.1.180-d26.1.5-1m2w', false],
	['d20.1', id, false],
	['D20.10', id, true],
	['10.24', id, true],
	['0.10', id, false],
	['qemu', id, true],
	['qem', id, false],
	['generic', id, true],
	['1m2w', id, true],
	['1m', id, true],
	['2w', id, true],
	['m2w', id, false],
	['2048mib', id, true],
	['2048', id, false],
	['-k6.1.', id, true],
	['rehearsal', 'qemu-k6.1.180-rehearsal', true],
	['', id, false],
	[id, id, true],
	['*k6.1*', 'qemu-k6.12.48-d26.1.5-1m2w', true],
	['*-k6.1.*', 'qemu-k6.12.48-d26.1.5-1m2w', false],
	['qemu-k6.1.*', id, true],
];

for (const [pattern, name, expected] of rows) {
	test(`'${pattern}' ${expected ? 'means' : 'does not mean'} ${name}`, t => {
		t.is(matches(name, pattern), expected);
	});
}
