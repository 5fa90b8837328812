import test from 'ava';
import {MachineError, reasonOf} from './errors.ts';

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
