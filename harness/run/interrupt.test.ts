import test from 'ava';
import {unlessAborted} from './interrupt.ts';

test('work that is not done when the run is interrupted is left, and its later error is nobody’s', async t => {
	const controller = new AbortController();
	let fail: ((error: Error) => void) | undefined;
	const work = new Promise<string>((_, reject) => {
		fail = reject;
	});
	const waiting = unlessAborted(work, controller.signal);
	controller.abort(new Error('interrupted'));
	await t.throwsAsync(waiting, {message: 'interrupted'});
	fail!(new Error('the builder was ended'));
	await t.throwsAsync(unlessAborted(Promise.resolve('done'), controller.signal), {message: 'interrupted'});
	t.is(await unlessAborted(Promise.resolve('done'), new AbortController().signal), 'done');
});
