import test from 'ava';
import {problemsOf, problemsOfTitle} from './announced.ts';
import {callSite} from './call-site.ts';
import {needsRules} from './needs.ts';

const prove = async () => {};
const fixture = {name: 'a', source: {file: 'a.ts'}, make: async () => ({})};

const rows: [what: string, given: unknown[], problems: RegExp[]][] = [
	['nothing wrong', ['x', {}, prove], []],
	[
		'every need',
		['x', {managers: 3, workers: 0, engine: '18.06', cluster: 'fresh', limit: 1.5, fixture, modifies: true}, prove],
		[],
	],
	['a need that is undefined', ['x', {workers: undefined}, prove], []],
	['a mistyped value', ['x', {cluster: 'frsh'}, prove], [/cluster: 'frsh' is not valid\. .*Did you mean 'fresh'\?/]],
	['a mistyped field', ['x', {worker: 1}, prove], [/no need 'worker'\. Did you mean 'workers'\?/]],
	['an unknown field', ['x', {nodes: 3}, prove], [/no need 'nodes'\. Valid: managers, workers, outsiders, engine/]],
	['a name that every object has', ['x', {toString: 1}, prove], [/no need 'toString'/]],
	['two things at once', ['x', {workers: -1, limit: 0}, prove], [/workers: -1/, /limit: 0 is not valid.*seconds/]],
	['a fraction of a machine', ['x', {managers: 1.5}, prove], [/managers: 1\.5/]],
	['a limit without an end', ['x', {limit: Infinity}, prove], [/limit: Infinity/]],
	['a number as an engine', ['x', {engine: 18}, prove], [/engine: 18 .*'18\.06'/]],
	['no engine but a word', ['x', {engine: 'newest'}, prove], [/engine: 'newest'/]],
	['no fixture', ['x', {fixture: 'webs'}, prove], [/fixture: 'webs'/]],
	['only a title', ['x'], [/needs is missing: scenario\(title, needs, prove\)/, /its body, prove, is missing/]],
	['no needs', ['x', prove], [/needs is missing before the proof/]],
	['null as needs', ['x', null, prove], [/needs is not an object/]],
	['no body', ['x', {}], [/its body, prove, is missing/]],
	['a body that is none', ['x', {}, 'body'], [/prove is not a function/]],
	['a title that is none', [5, {}, prove], [/title is not a text/]],
];

for (const [what, given, problems] of rows) {
	test(`a scenario with ${what} has ${problems.length} problems`, t => {
		const said = problemsOf('scenario(title, needs, prove)', given, needsRules);
		t.is(said.length, problems.length, said.join('\n'));
		for (const [index, problem] of problems.entries()) {
			t.regex(said[index]!, problem);
		}
	});
}

test('a title is there, in one line, and once in a file', t => {
	t.deepEqual(problemsOfTitle({title: 'one', file: 'a.ts', line: 3}), []);
	t.deepEqual(problemsOfTitle({title: 'one', file: 'b.ts', line: 4}), []);
	t.regex(problemsOfTitle({title: 'one', file: 'a.ts', line: 9}).join(), /'one' is there twice; first at a\.ts:3/);
	t.regex(problemsOfTitle({title: ' ', file: 'a.ts'}).join(), /empty title/);
	t.regex(problemsOfTitle({title: 'one\ntwo', file: 'a.ts'}).join(), /more than one line/);
});

const frames: [frame: string, file: RegExp][] = [
	['at file:///x/a(b)%20c.ts:5:1', /\/x\/a\(b\) c\.ts$/],
	['at Object.make (/x/my dir/[a] (b).ts:5:10)', /\/x\/my dir\/\[a\] \(b\)\.ts$/],
	['at async file:///x/a.ts:5:1', /\/x\/a\.ts$/],
];

for (const [frame, file] of frames) {
	test(`the place of "${frame}" is found`, t => {
		const found = callSite(`Error\n    ${frame}`);
		t.regex(found.file, file);
		t.is(found.line, 5);
	});
}
