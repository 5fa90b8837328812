import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {addressesIn, failureIn, parseLine, saying} from './output.ts';

/** What Vagrant 2.3.4 with vagrant-libvirt 0.11.2 really printed; only the name of the server of boxes is another. */
const captured = (name: string) =>
	readFileSync(path.join(import.meta.dirname, 'fixtures', name), 'utf8')
		.split('\n')
		.flatMap(line => parseLine(line) ?? []);

test('a line is machine, kind and data, with commas and line ends as they were', t => {
	t.deepEqual(parseLine(String.raw`1795511554,m1,ui,warn,==> m1: one%!(VAGRANT_COMMA) two\nthree`), {
		machine: 'm1',
		kind: 'ui',
		data: ['warn', '==> m1: one, two\nthree'],
	});
	t.is(parseLine('/usr/lib/ruby/vendor_ruby/x.rb:3: warning: already initialized constant'), undefined);
	t.is(parseLine(''), undefined);
});

test('where each machine is reached, of `up`', t => {
	t.deepEqual(addressesIn(captured('up.txt')), {m1: {host: '192.168.121.168', port: 22}});
});

test('progress names the machine whether it stands in the column or in the text', t => {
	const said = captured('up.txt').flatMap(line => saying(line) ?? []);
	t.true(said.some(({machine, text}) => machine === 'm1' && text === 'Starting domain.'));
	t.true(said.some(({machine, text}) => machine === 'm1' && /^Machine booted and ready/.test(text)));
	t.false(said.some(({text}) => text.includes('==>') && !text.includes('\n')));
});

test('an output without an error has no failure, one with an error has its class and its words', t => {
	t.is(failureIn(captured('up.txt')), undefined);
	const failure = failureIn(captured('badbox.txt'));
	t.is(failure?.type, 'Vagrant::Errors::BoxUnpackageFailure');
	t.regex(failure!.text, /^The box failed to unpackage properly\.[\s\S]*Unrecognized archive format$/);
});
