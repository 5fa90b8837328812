import test from 'ava';
import {explain, HarnessError, listed, MachineError, reasonOf, remedyOfWriting} from './errors.ts';

test('an error of ours is recorded by its first line, its kind and what a person is shown', t => {
	const error = new MachineError('w1', 'it ended\nand said so', {remedy: 'Try again', cause: new Error('no memory')});
	t.deepEqual(reasonOf(error), {
		message: 'w1: it ended',
		type: 'MachineError',
		details: 'w1: it ended\nand said so\n  because: no memory\n  → Try again',
		remedy: 'Try again',
	});
});

test('of an error that is none of ours the stack is kept, as it is a defect', t => {
	const error = new RangeError('too far');
	t.deepEqual(reasonOf(error), {message: 'too far', type: 'RangeError', details: error.stack!});
});

test('whatever else was thrown is recorded as it is', t => {
	t.deepEqual(reasonOf('no'), {message: 'no', type: 'Error', details: 'no'});
});

test('a cause that the message has already is not said again', t => {
	const cause = new Error('no room');
	t.is(explain(new HarnessError('It did not work: no room', {cause})), 'It did not work: no room');
	t.is(explain(new HarnessError('It did not work', {cause})), 'It did not work\n  because: no room');
});

test('several problems are a list without doubles; one is itself', t => {
	t.is(listed(['a', 'a']), 'a');
	t.is(listed(['a', 'b', 'a']), '2 things are wrong:\n  a\n  b');
	t.is(listed(['a'], 'head:'), 'head:\n  a');
});

const written: [code: string, remedy: RegExp][] = [
	['ENOSPC', /^Make room/],
	['EDQUOT', /^Make room/],
	['EACCES', /^Let this user write to \/x/],
	['EPERM', /^Let this user write/],
	['EROFS', /another place than \/x/],
	['ENOTDIR', /a file is where a folder is wanted/],
	['EIO', /^Look why \/x/],
];

for (const [code, remedy] of written) {
	test(`what cannot be written for ${code} has the remedy for that`, t => {
		t.regex(remedyOfWriting(Object.assign(new Error(code), {code}), '/x'), remedy);
	});
}

test('what could not be written for lack of a right is not reported as lack of room', t => {
	t.notRegex(remedyOfWriting(Object.assign(new Error(''), {code: 'EACCES'}), '/x'), /room/);
});
