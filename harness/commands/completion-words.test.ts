/** What a word of the command line may be. */
import test from 'ava';
import {candidatesOf, wantedAt} from './completion-words.ts';
import {createProgram} from './program.ts';

const program = createProgram('0', () => {});
const at = (...words: string[]) => wantedAt(program, words);
const words = (...typed: string[]) => candidatesOf(at(...typed));

test('first comes a command, and help takes one', t => {
	t.deepEqual(words('ssh'), ['ssh', 'ssh-config']);
	t.true(words('').includes('run'));
	t.deepEqual(words('help', 'compl'), ['completion']);
	t.deepEqual(words('nope', ''), []);
});

test('a dash asks for the options of the command that are in its help', t => {
	t.deepEqual(words('run', 'a.ts', '--kee'), ['--keep']);
	t.deepEqual(words('run', '--stag'), [], 'an old name is not offered');
	t.deepEqual(words('completion', '--cand'), []);
	t.deepEqual(words('gc', '--he'), ['--help']);
});

test('the value of an option is what it takes: after it, after =, and in a list', t => {
	t.deepEqual(words('run', '--provider', 'v'), ['vagrant']);
	t.deepEqual(words('run', '--provider', '=', 'q'), ['qemu']);
	t.deepEqual(words('run', '--provider', '='), ['qemu', 'vagrant', 'container']);
	t.deepEqual(words('run', '--provider', 'qemu,c'), ['qemu,container']);
	t.deepEqual(words('run', '--evidence', ''), ['red', 'always']);
	t.deepEqual(words('run', '--config', ''), [], 'the shell completes files');
	t.like(at('run', '--kernel', '6.1,6.'), {live: 'kernels', before: '6.1,', typed: '6.'});
	t.deepEqual(candidatesOf(at('run', '--kernel', '6.1,6.'), ['5.10', '6.12']), ['6.1,6.12']);
	t.like(at('plan', '--docker', ''), {live: 'engines'});
	t.like(at('run', '--on', ''), {live: 'cells'});
	t.like(at('run', '--baseline', 'la'), {live: 'runs', words: ['last-good']});
	t.is(at('run', '--keep', '').live, undefined, '--keep takes no word after it');
});

test('an argument is what the command takes at its place', t => {
	t.like(at('ssh', ''), {live: 'nodes'});
	t.like(at('ssh', '--cell', 'k6.1', 'm'), {live: 'nodes', typed: 'm'});
	t.is(at('exec', 'm1', '').live, undefined);
	t.like(at('report', '2026'), {live: 'runs'});
	t.like(at('merge', 'a', 'b'), {live: 'runs'});
	t.like(at('down', ''), {live: 'cells'});
	t.like(at('cp', 'x', 'm'), {live: 'places'});
	t.is(at('run', 'scen').live, undefined, 'the shell completes files');
	t.deepEqual(words('images', 'p'), ['prune']);
	t.deepEqual(words('completion', ''), ['bash', 'zsh', 'fish']);
});
