import test from 'ava';
import {findMirror} from './settings.ts';
import {parseDeb822Sources, parseOneLine} from './sources.ts';
import {distributions} from './suites.ts';

const oneLine = `
# deb http://commented.example/debian bookworm main
deb http://mirror.example/debian bookworm main contrib # trailing words
deb-src http://mirror.example/debian bookworm main
deb [ arch=amd64 signed-by=/usr/share/keyrings/x.gpg ] https://other.example/apt bookworm stable
   deb	http://mirror.example/debian-security	bookworm-security	main
deb http://flat.example/repo ./
`;

test('one-line sources: options, tabs and comments are understood, deb-src is left out', t => {
	t.deepEqual(parseOneLine(oneLine), [
		{uri: 'http://mirror.example/debian', suites: ['bookworm'], components: ['main', 'contrib']},
		{
			uri: 'https://other.example/apt',
			suites: ['bookworm'],
			components: ['stable'],
			signedBy: '/usr/share/keyrings/x.gpg',
		},
		{uri: 'http://mirror.example/debian-security', suites: ['bookworm-security'], components: ['main']},
		{uri: 'http://flat.example/repo', suites: ['./'], components: []},
	]);
});

const deb822 = `# A comment
Types: deb deb-src
URIs: http://one.example/debian http://two.example/debian
Suites: trixie
 trixie-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
# a comment in between
URIs: http://off.example/debian
Suites: sid
Components: main
Enabled: no

Types: deb-src
URIs: http://sources.example/debian
Suites: trixie
Components: main

Types: deb
URIs: http://key.example/debian
Suites: stable
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEYCQjIxYJKwYBBAHaRw8BAQdA
 -----END PGP PUBLIC KEY BLOCK-----
`;

test('deb822 sources: folded fields, several URIs, disabled stanzas and inline keys are understood', t => {
	t.deepEqual(parseDeb822Sources(deb822), [
		{
			uri: 'http://one.example/debian',
			suites: ['trixie', 'trixie-updates'],
			components: ['main'],
			signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
		},
		{
			uri: 'http://two.example/debian',
			suites: ['trixie', 'trixie-updates'],
			components: ['main'],
			signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
		},
		{uri: 'http://key.example/debian', suites: ['stable'], components: ['main']},
	]);
});

const source = (uri: string, ...suites: string[]) => ({uri, suites, components: ['main']});

test('the mirror is the one that the distribution itself comes from, not a third party that names its suites alike', t => {
	const sources = [
		source('http://third.example', 'nodistro'),
		source('http://m.example/debian', 'bookworm', 'bookworm-updates'),
		source('http://s.example', 'bookworm-security'),
	];
	t.deepEqual(findMirror(sources, distributions.debian), {
		main: 'http://m.example/debian',
		security: 'http://s.example',
	});
	t.deepEqual(findMirror(sources, distributions.ubuntu), {main: undefined, security: undefined});
});

test('Ubuntu serves updates and security from one place', t => {
	const sources = [
		source('http://m.example/ubuntu', 'noble', 'noble-updates'),
		source('http://sec.example/ubuntu', 'noble-security'),
	];
	t.deepEqual(findMirror(sources, distributions.ubuntu), {
		main: 'http://m.example/ubuntu',
		security: 'http://sec.example/ubuntu',
	});
});
