/** The lines of the prompt at a failure. */
import test from 'ava';
import {debugHelp, parseDebugLine} from './debug-line.ts';

const nodes = ['m1', 'w1'];
const does = (text: string) => parseDebugLine(text, nodes);

test('a line names a node and what is done there, and the rest of it stays as it was typed', t => {
	t.deepEqual(does('ssh w1'), {does: 'enter', node: 'w1'});
	t.deepEqual(does(`exec m1 sh -c 'echo  "$HOME"' | head`), {
		...{does: 'enter', node: 'm1', line: `sh -c 'echo  "$HOME"' | head`},
	});
	t.deepEqual(does('  docker m1 service ls '), {does: 'enter', node: 'm1', line: 'docker service ls'});
});

test('the words that let the run go on, or end it, have short forms', t => {
	for (const [text, meaning] of Object.entries({
		...{'go on': 'go on', go: 'go on', c: 'go on', retry: 'retry', R: 'retry', stop: 'stop', q: 'stop', '?': 'help'},
		...{'': 'nothing', '   ': 'nothing'},
	})) {
		t.is(does(text).does as string, meaning, text);
	}

	t.deepEqual(does('capture'), {does: 'capture'});
	t.deepEqual(does('capture one.pcapng'), {does: 'capture', file: 'one.pcapng'});
});

test('a line that asks for nothing is answered with what is there', t => {
	for (const [text, answer] of Object.entries({
		dokcer: /'dokcer' is no command: did you mean docker\? Type help\./,
		xyzzy: /^'xyzzy' is no command\. Type help\.$/,
		'ssh w9': /'w9' is no node\. The nodes are m1, w1\./,
		exec: /exec needs a node\. The nodes are m1, w1\./,
		'exec m1': /exec m1 needs a command\./,
		'docker m1': /docker m1 needs arguments\./,
		'capture a b': /capture takes one file\./,
	})) {
		const asked = does(text);
		t.is(asked.does, 'wrong', text);
		t.regex(asked.does === 'wrong' ? asked.wrong : '', answer, text);
	}
});

test('each line of the help is understood', t => {
	for (const line of debugHelp) {
		const [example = ''] = line.split(/ {2,}/);
		const typed = example
			.replace('NODE', 'm1')
			.replace('COMMAND', 'ls')
			.replace('ARGUMENTS', 'ps')
			.replace('[FILE]', '');
		t.not(does(typed).does, 'wrong', typed);
	}
});
