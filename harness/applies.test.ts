import test from 'ava';
import {applies} from './applies.ts';
import type {Cell, Stack} from './model/index.ts';

const swarm: Pick<Cell, 'subject'> = {subject: 'swarm'};
const stack: Pick<Cell, 'subject'> = {subject: {stack: {exercises: ['client-env', 'swift']} as unknown as Stack}};

const rows: [
	claim: string,
	planned: {stack?: {exercise?: string; byRun?: boolean}},
	onSwarm: boolean,
	onStack: boolean,
][] = [
	['about a swarm', {}, true, false],
	['about a cloud', {stack: {}}, false, true],
	['about stack.sh', {stack: {byRun: true}}, false, true],
	['about an exercise that the stack has', {stack: {exercise: 'swift'}}, false, true],
	['about one that it lacks', {stack: {exercise: 'zaqar'}}, false, false],
];
for (const [claim, planned, onSwarm, onStack] of rows) {
	test(`a claim ${claim}`, t => {
		t.is(applies(planned, swarm), onSwarm);
		t.is(applies(planned, stack), onStack);
	});
}
