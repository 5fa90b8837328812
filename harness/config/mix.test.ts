import test from 'ava';
import {UsageError} from '../errors.ts';
import {parseSpecs} from './mix.ts';
import {checkConfig} from './parse.ts';

const given: [text: string, specs: unknown[]][] = [
	['20.10,26.1', ['20.10', '26.1']],
	['m1=20.10,w1=28.5', [{m1: '20.10', w1: '28.5'}]],
	['26.1,w1=28.5', [{others: '26.1', w1: '28.5'}]],
	[' W1 = 28.5 , others=26.1', [{w1: '28.5', others: '26.1'}]],
	['docker.io=20.10.24+dfsg1-1,docker-ce=5', ['docker.io=20.10.24+dfsg1-1', 'docker-ce=5']],
	['m1=docker.io=20.10.24+dfsg1-1,28.5', [{m1: 'docker.io=20.10.24+dfsg1-1', others: '28.5'}]],
	['tarball:http://a/b.tgz#sha256=aa', ['tarball:http://a/b.tgz#sha256=aa']],
];
for (const [text, specs] of given) {
	test(`--docker '${text}' is ${JSON.stringify(specs)}`, t => {
		t.deepEqual(parseSpecs('--docker', text), specs);
		t.deepEqual(checkConfig({engines: specs}), []);
	});
}

for (const [text, problem] of [
	['26.1,28.5,m1=20.10', /the nodes that are not named have two specs, '26\.1' and '28\.5'/],
	['m1=20.10,m1=28.5', /m1 has two specs, '20\.10' and '28\.5'/],
] as const) {
	test(`--docker '${text}' is refused`, t => {
		t.throws(() => parseSpecs('--docker', text), {instanceOf: UsageError, message: problem});
	});
}

test('an empty spec in a mix is told with its node', t => {
	t.deepEqual(checkConfig({engines: ['26.1', {m1: ''}]}), [
		"engines[1].m1: '' is not valid. Valid: text: versions ('20.10'), packages, paths or URLs.",
	]);
});

for (const mix of [{}, {'': '28.5'}, {m1: 28.5}, {'m 1': '28.5'}, ['28.5']]) {
	test(`a config with the mix ${JSON.stringify(mix)} is not valid`, t => {
		const [problem, ...more] = checkConfig({engines: ['26.1', mix]});
		t.deepEqual(more, []);
		t.true(problem?.startsWith('engines[1]: '), problem);
		t.regex(problem ?? '', /or an object of them by node, as in \{m1: 'A', others: 'B'\}/);
	});
}
