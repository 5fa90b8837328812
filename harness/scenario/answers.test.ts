import test from 'ava';
import fc from 'fast-check';
import {type Answer, Answers} from './answers.ts';

const answer = (number: number, taskId: string): Answer => ({
	number,
	status: taskId ? 200 : 0,
	body: '',
	who: taskId
		? {
				task: `web.${taskId}.x`,
				taskId,
				node: 'm1',
				hostname: '',
				server: '',
				client: '',
				clientPort: 1,
				connection: 1,
				request: 1,
			}
		: undefined,
	localPort: 40_000 + number,
	bytes: 1,
	seconds: 0.01,
	connectSeconds: 0.001,
	error: taskId ? '' : 'curl: (28) Connection timed out after 5001 milliseconds',
});

const from = (order: string) =>
	new Answers(
		'http://web/',
		[...order].map((id, index) => answer(index + 1, id === '-' ? '' : id)),
	);
const tasks = (ids: string) => [...ids].map(id => ({id}));

for (const [order, over, holds] of [
	['123123', '123', true],
	['312312', '123', true],
	['3123', '123', true],
	['1212', '12', true],
	['1111', '1', true],
	['1122', '12', false],
	['123132', '123', false],
	['12', '123', false],
	['1212', '123', false],
	['123123', '12', false],
	['1-1-', '12', false],
	['', '1', false],
] as const) {
	test(`${order || 'nothing'} is ${holds ? '' : 'not '}round-robin over ${over}`, t => {
		t.is(from(order).isRoundRobinOver(tasks(over)), holds);
	});
}

test('round-robin means counts that differ by one at most', t => {
	fc.assert(
		fc.property(fc.integer({min: 1, max: 6}), fc.array(fc.integer({min: 1, max: 6}), {maxLength: 24}), (n, order) => {
			const ids = '123456'.slice(0, n);
			const answers = from(order.join(''));
			if (answers.isRoundRobinOver(tasks(ids))) {
				const counts = [...ids].map(id => answers.order.filter(each => each === id).length);
				return Math.max(...counts) - Math.min(...counts) <= 1;
			}

			return true;
		}),
	);
	t.pass();
});

test('every second request that hangs is told with its rhythm', t => {
	const answers = from('1-1-1-1');
	t.deepEqual(answers.failures.length, 3);
	t.is(answers.failures[0], '#2: curl: (28) Connection timed out after 5001 milliseconds');
	t.is(
		answers.describe(),
		'http://web/: 7 requests: web.1 4, nobody 3; order a-a-a-a; 3 failed (exactly every 2.): 2, 4, 6; first: #2: curl: (28) Connection timed out after 5001 milliseconds',
	);
});

test('answers of one task only', t => {
	t.true(from('111').isOnlyFrom(tasks('12')));
	t.false(from('112').isOnlyFrom(tasks('12')));
	t.false(from('111').isOnlyFrom(tasks('2')));
});

test('refused is what is refused at once, not what hangs', t => {
	const refusedBy = (error: string, seconds: number) =>
		new Answers('http://m1:8080/', [{...answer(1, ''), error, seconds}]);
	t.true(
		refusedBy("curl: (7) Failed to connect to 10.99.0.2 port 9001 after 10 ms: Couldn't connect to server", 0.01)
			.areRefused,
	);
	t.true(refusedBy('curl: (52) Empty reply from server', 0.01).areRefused);
	t.false(refusedBy('curl: (28) Connection timed out after 5001 milliseconds', 5).areRefused);
	t.false(refusedBy('curl: (7) Failed to connect: No route to host', 3.1).areRefused);
	t.false(from('1').areRefused);
});

test('a task of a global service is told by its node', t => {
	const global = {
		...answer(1, 'x'),
		who: {...answer(1, 'x').who!, task: 'web.y5ennsmhf7mi5mxyp7vg71asi.x', node: 'w1'},
	};
	t.deepEqual(new Answers('http://web/', [global]).perTask(), {'web.w1': 1});
});
