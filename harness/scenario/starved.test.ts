import test from 'ava';
import type {CpuHistory} from '../machine/index.ts';
import {starvedMachine} from './starved.ts';

/** So many seconds in which a machine ran and waited for these parts of each second. */
type Phase = [seconds: number, ran: number, waited: number];

/** What a watch would have seen of a virtual machine: one sample each second. The other thread asks for little. */
function historyOf(machine: string, phases: readonly Phase[]): CpuHistory {
	let [ran, waited] = [100, 5];
	let atSeconds = 0;
	const sample = () => ({
		atSeconds,
		parts: new Map([
			[1, {ranSeconds: ran, waitedSeconds: waited}],
			[2, {ranSeconds: ran / 100, waitedSeconds: waited / 100}],
		]),
	});
	const samples = [sample()];
	for (const [seconds, ranEach, waitedEach] of phases) {
		for (let second = 0; second < seconds; second++) {
			atSeconds += 1;
			ran += ranEach;
			waited += waitedEach;
			samples.push(sample());
		}
	}

	return {machine, samples};
}

const cases: [what: string, phases: Phase[], verdict: 'failed' | 'broken'][] = [
	['a host with nothing else to do', [[90, 0.3, 0.01]], 'failed'],
	['a node that computes all the time, on a host of a CI that is busy at 60 %', [[240, 0.4, 0.6]], 'failed'],
	['seven nodes and a process that keeps each of two CPUs busy', [[240, 0.22, 0.78]], 'failed'],
	[
		'a load of 12 on two CPUs, the worst ten seconds that were seen',
		[
			[60, 0.2, 0.4],
			[10, 0.205, 0.795],
		],
		'failed',
	],
	[
		'an idle node at a load of 13: it got 6 % of what it asked for, and it asked for little',
		[[240, 0.009, 0.131]],
		'failed',
	],
	['977 s of waiting, with a tenth of what it asked for', [[1086, 0.1, 0.9]], 'broken'],
	['1.7 % of what it asked for', [[120, 0.017, 0.983]], 'broken'],
	[
		'12 s without a CPU, after which a node is down, in a quiet claim',
		[
			[60, 0.2, 0.1],
			[12, 0.03, 0.97],
			[30, 0.2, 0.1],
		],
		'broken',
	],
	[
		'8 s without a CPU',
		[
			[60, 0.2, 0.1],
			[8, 0.03, 0.97],
			[30, 0.2, 0.1],
		],
		'failed',
	],
	['a claim that was refuted before anything could be late', [[6, 0.02, 0.98]], 'failed'],
	[
		'12 s without a CPU in an hour of stack.sh',
		[
			[1800, 0.9, 0.1],
			[12, 0.03, 0.97],
			[1800, 0.9, 0.1],
		],
		'failed',
	],
	[
		'five minutes without a CPU in an hour of stack.sh',
		[
			[1800, 0.9, 0.1],
			[300, 0.03, 0.97],
			[1500, 0.9, 0.1],
		],
		'broken',
	],
	['machines that this host knows nothing of', [], 'failed'],
];

for (const [what, phases, verdict] of cases) {
	test(`${what}: a refuted claim is ${verdict}`, t => {
		t.is(
			starvedMachine([historyOf('m1', [[90, 0.2, 0.1]]), historyOf('w1', phases)])?.machine,
			verdict === 'broken' ? 'w1' : undefined,
		);
	});
}

test('the machine that was starved most is named, with the stretch', t => {
	const starved = starvedMachine([historyOf('w1', [[200, 0.1, 0.9]]), historyOf('w2', [[40, 0.02, 0.98]])])!;
	t.is(starved.machine, 'w2');
	t.is(starved.seconds, 10);
	t.true(Math.abs(starved.waitedSeconds - 9.8) < 0.001);
});
