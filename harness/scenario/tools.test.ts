import test from 'ava';
import {type Engine, type Kernel, nodesOf} from '../model/index.ts';
import {isEligible} from '../swarm/index.ts';
import {Answers} from './answers.ts';
import {callSite} from './call-site.ts';
import {curlCommand, parseCurl} from './curl.ts';
import {digCommand, parseDig} from './dig.ts';
import {lacking} from './lacking.ts';
import {nameAfter} from './naming.ts';

test('one curl makes many connections, or keeps one', t => {
	const words = curlCommand('http://web/', {connections: 3, timeout: 4});
	t.deepEqual(words.slice(-3), ['http://web/', 'http://web/', 'http://web/']);
	t.true(words.includes('Connection: close'));
	t.is(words[words.indexOf('--max-time') + 1], '4');
	t.false(curlCommand('http://web/', {keepAlive: true}).includes('Connection: close'));
});

const who = '{"task":"web.1.abc","taskId":"abc","node":"m1","connection":7,"request":1}';

test('what curl writes is read, one answer for each transfer', t => {
	const stdout = `${who}\n\n@@swarmlab|200|0|40001|76|0.02|0.01|\n\n@@swarmlab|000|28|0|0|5.0|0.0|Connection timed out after 5001 milliseconds\n<p>hello</p>\n\n@@swarmlab|200|0|40003|13|0.02|0.01|\n`;
	const answers = parseCurl(stdout, 'curl: (28) Connection timed out after 5001 milliseconds\n');
	t.is(answers.length, 3);
	t.like(answers[0], {
		number: 1,
		status: 200,
		localPort: 40_001,
		bytes: 76,
		error: '',
		who: {taskId: 'abc', connection: 7},
	});
	t.like(answers[1], {
		number: 2,
		status: 0,
		who: undefined,
		error: 'curl: (28) Connection timed out after 5001 milliseconds',
	});
	t.like(answers[2], {number: 3, body: '<p>hello</p>\n', who: undefined});
});

test('a curl that does not know the newer variables is read as well', t => {
	const stdout = '\n@@swarmlab|000||0|0|0.0|0.0|\n';
	t.like(parseCurl(stdout, 'curl: (7) Failed to connect to 10.99.0.1 port 9001: Connection refused')[0], {
		status: 0,
		error: 'curl: (7) Failed to connect to 10.99.0.1 port 9001: Connection refused',
	});
});

test('a connection that was not made is reported with the reason of the system, whatever curl says of it', t => {
	const stdout = '\n@@swarmlab|000|7|0|0|4.0|0.0|Could not\n'.repeat(2);
	const stderr = [
		'*   Trying 10.99.0.1:9001...',
		'* connect to 10.99.0.1 port 9001 from 10.99.0.2 port 40001 failed: Connection refused',
		"* Failed to connect to 10.99.0.1 port 9001 after 0 ms: Couldn't connect to server",
		"curl: (7) Failed to connect to 10.99.0.1 port 9001 after 0 ms: Couldn't connect to server",
		'* connect to 10.99.0.1 port 9001 failed: No route to host',
		"curl: (7) Failed to connect to 10.99.0.1 port 9001 after 3078 ms: Couldn't connect to server",
	].join('\n');
	const [refused, lost] = parseCurl(stdout, stderr);
	t.regex(refused!.error, /server \(Connection refused\)$/);
	t.regex(lost!.error, /server \(No route to host\)$/);
	t.true(new Answers('', [refused!]).areRefused, 'a refusal that a busy host delayed is one');
	t.false(new Answers('', [lost!]).areRefused);
});

test('a name is asked as it is, without search domains', t => {
	t.true(digCommand('web').includes('web.'));
});

test('what dig writes is read; addresses in order', t => {
	const stdout = `;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 34806
;; flags: qr rd ra; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 0

tasks.web.		600	IN	A	10.200.1.10
tasks.web.		600	IN	A	10.200.1.9
`;
	t.deepEqual(parseDig(stdout), {status: 'NOERROR', addresses: ['10.200.1.9', '10.200.1.10'], ttl: 600});
	t.deepEqual(parseDig(';; connection timed out; no servers could be reached'), {
		status: 'TIMEOUT',
		addresses: [],
		ttl: undefined,
	});
});

test('names are cut at a word and are DNS labels', t => {
	t.is(
		nameAfter('a service VIP spreads connections over every task, from every node', 'web'),
		'a-service-vip-spreads-connections-web',
	);
	t.is(nameAfter('2→4→1', 'net'), '2-4-1-net');
	t.true(nameAfter('x'.repeat(200), 'web').length <= 63);
});

const [kernel, engine] = [{}, {version: '18.03.1'}] as [Kernel, Engine];
const cell = {nodes: nodesOf({managers: 1, workers: 1, memory: 1024, cpus: 1}, {kernel, engine})};

for (const [needs, why] of [
	[{}, undefined],
	[{workers: 1}, undefined],
	[{workers: 2}, 'needs 2 workers, the cell has 1'],
	[{managers: 3}, 'needs 3 managers, the cell has 1'],
	[{engine: '18.06'}, 'needs Docker 18.06 or newer, the cell has 18.03.1'],
	[{engine: '1.13'}, undefined],
	[{upgrade: true}, 'needs an engine to upgrade to: --upgrade'],
	[{upgrade: false}, undefined],
] as const) {
	test(`a cell of 1 manager and 1 worker with 18.03.1 for ${JSON.stringify(needs)}`, t => {
		t.is(lacking(cell, needs), why);
	});
}

test('a cell with an engine to upgrade to has what an upgrade needs', t => {
	t.is(lacking({...cell, upgrade: [engine]}, {upgrade: true}), undefined);
});

const node = {
	id: 'x',
	name: 'w1',
	role: 'worker',
	state: 'ready',
	availability: 'active',
	address: '',
	leader: false,
	message: '',
	engine: '28.5.2',
} as const;

test('a global service has a task where its constraints and the node allow it', t => {
	t.true(isEligible(node, []));
	t.true(isEligible(node, ['node.hostname!=w2', 'node.role == worker']));
	t.false(isEligible(node, ['node.hostname!=w1']));
	t.false(isEligible({...node, availability: 'drain'}, []));
	t.false(isEligible({...node, state: 'down'}, []));
	t.throws(() => isEligible(node, ['node.labels.x==1']), {instanceOf: TypeError});
});

test('the call site is the first frame that is no part of the harness', t => {
	const {project} = {project: new URL('../..', import.meta.url).pathname};
	const stack = `Error
    at callSite (file://${project}harness/scenario/call-site.ts:13:10)
    at scenario (file://${project}harness/scenario/scenario.ts:50:40)
    at file://${project}scenarios/vip.ts:5:1`;
	t.deepEqual(callSite(stack), {file: 'scenarios/vip.ts', line: 5});
});

test('an engine is new enough when it is on every node', t => {
	const [manager, worker] = cell.nodes;
	const mixed = {nodes: [manager!, {...worker!, engine: {...engine, version: '26.1.5'}}]};
	t.is(lacking(mixed, {engine: '18.06'}), 'needs Docker 18.06 or newer, the cell has 18.03.1 (m1), 26.1.5 (w1)');
	t.is(lacking(mixed, {engine: '18.03'}), undefined);
});
