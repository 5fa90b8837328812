import test from 'ava';
import {filesIn, isStep, stepOn} from './step.ts';

const machines = [
	{name: 'm1', address: '10.0.0.1'},
	{name: 'w1', address: '10.0.0.2'},
];
const none = () => 'nothing';

test('a step is done on the nodes that it names', t => {
	t.deepEqual(stepOn('all: uname -r', machines, none), [
		{node: 'm1', commands: 'uname -r'},
		{node: 'w1', commands: 'uname -r'},
	]);
	t.deepEqual(stepOn('w1: echo a: b\nls', machines, none), [{node: 'w1', commands: 'echo a: b\nls'}]);
	t.deepEqual(
		stepOn('m1,w1: true', machines, none).map(({node}) => node),
		['m1', 'w1'],
	);
});

test('addresses and files of nodes are put into it, and braces of a shell or a template stay', t => {
	const [first, second] = stepOn(
		"all: ping {w1} {self} {x} {{.Names}} {w9} {m1:/root/token}; awk '{print $1}'",
		machines,
		(node, file) => `<${node} ${file}>`,
	);
	t.is(first!.commands, "ping 10.0.0.2 10.0.0.1 {x} {{.Names}} {w9} <m1 /root/token>; awk '{print $1}'");
	t.regex(second!.commands, /^ping 10\.0\.0\.2 10\.0\.0\.2 /);
	t.deepEqual(filesIn('w1: join {m1:/root/token} {m1}'), [{node: 'm1', file: '/root/token'}]);
});

test('an outsider has steps of its own, and is none of all', t => {
	const three = [...machines, {name: 'x1', address: '10.0.0.3'}];
	t.deepEqual(stepOn('x1: ping {m1}', three, none), [{node: 'x1', commands: 'ping 10.0.0.1'}]);
	t.deepEqual(
		stepOn('all: ping {x1}', three, none),
		['m1', 'w1'].map(node => ({node, commands: 'ping 10.0.0.3'})),
	);
});

for (const text of ['docker node ls', 'm1:docker', 'm1: ', 'y1: ls', 'm1, w1: ls', '']) {
	test(`'${text}' is no step`, t => t.false(isStep(text)));
}
