import test from 'ava';
import {UsageError} from '../errors.ts';
import {execWords} from './exec-words.ts';

const command = ['docker', 'node', 'ls'];
const parsed: [typed: string, seen: ReturnType<typeof execWords>][] = [
	['docker node ls', {command}],
	['-- docker node ls', {command}],
	['--cell k6.1 -- docker node ls', {cell: 'k6.1', command}],
	['--cell k6.1 docker node ls', {cell: 'k6.1', command}],
	['--cell=k6.1 -- docker node ls', {cell: 'k6.1', command}],
	['ls -la --cell x', {command: ['ls', '-la', '--cell', 'x']}],
	['-- ls -- --cell', {command: ['ls', '--', '--cell']}],
];

for (const [typed, seen] of parsed) {
	test(`exec m1 ${typed}`, t => {
		t.deepEqual(execWords(typed.split(' ')), seen);
	});
}

for (const [typed, says] of [
	['-la ls', /no option '-la'/],
	['--cel k6.1 -- ls', /no option '--cel'/],
	['--cell', /lacks its text/],
	['--cell -- ls', /lacks its text/],
	['--cell k6.1', /no command/],
	['--', /no command/],
] as const) {
	test(`exec m1 ${typed}: is wrong usage`, t => {
		t.throws(() => execWords(typed.split(' ')), {instanceOf: UsageError, message: says});
	});
}
