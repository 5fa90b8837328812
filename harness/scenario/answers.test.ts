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

test('every second request that hangs is reported with its rhythm', t => {
	const answers = from('1-1-1-1');
	t.deepEqual(answers.failures.length, 3);
	t.is(answers.failures[0], '#2: curl: (28) Connection timed out after 5001 milliseconds');
	t.is(
		answers.describe(),
		'http://web/: 7 requests: web.1 4, 3 without an answer; order a-a-a-a; 3 failed (exactly every 2.): 2, 4, 6; first: #2: curl: (28) Connection timed out after 5001 milliseconds',
	);
});

test('requests that all fail have no rhythm', t => {
	t.regex(from('----').describe(), /; 4 failed: 1, 2, 3, 4; first: /);
});

/** A page of a server that is not ours. */
const page = (number: number, body: string): Answer => ({...answer(number, ''), status: 200, error: '', body});

test('pages that do not name their task are distinguished from no answer at all, and from each other', t => {
	const refused = {...answer(1, ''), error: 'curl: (7) Failed to connect'};
	const bodies = ['<h1>one</h1>\n', '<h1>two</h1>\n', '<h1>one</h1>\n', '<h1>two</h1>\n', '<h1>one</h1>\n'];
	const pages = bodies.map((body, index) => page(index + 2, body));
	const answers = new Answers('http://w2:8091/', [refused, ...pages]);
	t.is(
		answers.describe(),
		'http://w2:8091/: 6 requests: 5 from pages that do not name their task (A 3 “one”, B 2 “two”), 1 without an answer; order -ABABA; 1 failed: 1; first: #1: curl: (7) Failed to connect',
	);
	t.deepEqual(answers.perTask(), {});
	t.false(answers.isRoundRobinOver(tasks('12')));
});

test('an HTTP error, a task and a page stand side by side', t => {
	const answers = new Answers('http://web/', [
		answer(1, '1'),
		{...page(2, 'Service Unavailable'), status: 503},
		page(3, '<!DOCTYPE html><html><head><style>p {}</style><title>Welcome to nginx!</title></head></html>'),
		{...page(4, 'half of'), error: 'curl: (18) transfer closed'},
	]);
	t.is(
		answers.describe(),
		'http://web/: 4 requests: web.1 1, 1 from a page that does not name its task (A “Welcome to nginx!”), 1 with HTTP 503, 1 with HTTP 200, cut off; order a!A!; 2 failed: 2, 4; first: #2: HTTP 503',
	);
});

test('of pages that begin alike, what differs is shown; of many pages, the first', t => {
	const alike = (name: string) => `<p>Served by a container of the service web, which is ${name}</p>`;
	const two = new Answers(
		'http://web/',
		['one', 'two'].map((name, index) => page(index + 1, alike(name))),
	);
	t.regex(two.describe(), /2 from pages .* \(A 1 “….*which is one”, B 1 “….*which is two”\); order AB$/);
	const many = new Answers(
		'http://web/',
		Array.from({length: 30}, (_, index) => page(index + 1, `${index} ${'x'.repeat(99)}`)),
	);
	t.regex(many.describe(), /\(A 1 “0 x+…”, B 1 “1 x+…”, C 1 “2 x+…”, 27 more\); order A.*Z\?{4}$/);
	t.true(many.describe().length < 300);
});

test('one request is not “1 requests”, and an empty page is reported', t => {
	t.is(
		new Answers('http://web/', [page(1, '')]).describe(),
		'http://web/: 1 request: 1 from a page that does not name its task (A empty); order A',
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
	t.true(refusedBy("curl: (7) Failed to connect: Couldn't connect to server (Connection refused)", 4).areRefused);
	t.true(refusedBy('curl: (52) Empty reply from server', 0.01).areRefused);
	t.false(refusedBy('curl: (28) Connection timed out after 5001 milliseconds', 5).areRefused);
	t.false(refusedBy('curl: (7) Failed to connect: No route to host', 3.1).areRefused);
	t.false(from('1').areRefused);
});

test('a task of a global service is named by its node', t => {
	const global = {
		...answer(1, 'x'),
		who: {...answer(1, 'x').who!, task: 'web.y5ennsmhf7mi5mxyp7vg71asi.x', node: 'w1'},
	};
	t.deepEqual(new Answers('http://web/', [global]).perTask(), {'web.w1': 1});
});
