import test from 'ava';
import type {Answer} from './answers.ts';
import {lossesOf, requestsOf} from './load.ts';

const answer = (seconds: number, more: Partial<Answer> = {}) => ({seconds, status: 200, error: '', ...more}) as Answer;
const answered = (atMs: number) => ({atMs, ok: true, error: ''});
const lost = (atMs: number, error = 'curl: (28) timed out') => ({atMs, ok: false, error});
const minute = {startMs: 0, endMs: 60_000};

test('the requests of a command end one after the other, and each is answered or lost', t => {
	const all = [answer(0.5), answer(2, {status: 0, error: 'curl: (28) timed out'}), answer(0.25, {status: 503})];
	t.deepEqual(requestsOf(all, 1000), [
		{atMs: 1500, ok: true, error: ''},
		{atMs: 3500, ok: false, error: 'curl: (28) timed out'},
		{atMs: 3750, ok: false, error: 'HTTP 503'},
	]);
});

test('a load that was answered all the time lost nothing', t => {
	t.deepEqual(lossesOf([answered(20_000), answered(10_000), answered(45_000)], minute), {
		requests: 3,
		lost: 0,
		longestGap: 25,
		errors: {},
	});
});

test('the longest gap is one without an answer, whoever of the clients was asked', t => {
	const requests = [
		answered(1000),
		lost(5000),
		lost(31_000, 'HTTP 503'),
		answered(41_000),
		lost(43_000),
		answered(59_000),
	];
	t.deepEqual(lossesOf(requests, minute), {
		requests: 6,
		lost: 3,
		longestGap: 40,
		errors: {'curl: (28) timed out': 2, 'HTTP 503': 1},
	});
});

test('a load without any answer is one gap, from its start to its end', t => {
	t.like(lossesOf([lost(2000)], minute), {lost: 1, longestGap: 60});
	t.like(lossesOf([], minute), {requests: 0, lost: 0, longestGap: 60});
	t.like(lossesOf([answered(5000)], minute), {longestGap: 55});
});
