import test from 'ava';
import {whileItAnswers} from './while-it-answers.ts';

const never = new Promise<never>(() => {});
const silent = async () => Promise.reject(new Error('no answer'));
const soon = {limit: 0.05, pause: 0.001};

test('work that ends is all that counts', async t => {
	t.is(await whileItAnswers(Promise.resolve(1), silent, soon), 1);
	await t.throwsAsync(whileItAnswers(Promise.reject(new Error('its own')), silent, soon), {message: 'its own'});
});

test('work on a Docker host that answers nothing is given up, with the error of the question', async t => {
	await t.throwsAsync(whileItAnswers(never, silent, soon), {message: 'no answer'});
});

test('one answer in between is enough to wait on', async t => {
	let asked = 0;
	const done = Promise.withResolvers<string>();
	const ask = async () => {
		asked += 1;
		if (asked === 9) {
			done.resolve('done');
		}

		return asked % 2 === 0 ? 'here' : silent();
	};
	// Each question takes ten seconds of this clock.
	const clock = {limit: 25, pause: 0.001, now: () => asked * 10_000};
	t.is(await whileItAnswers(done.promise, ask, clock), 'done');
});
