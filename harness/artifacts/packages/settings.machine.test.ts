import test from 'ava';
import {detectPackageSettings} from './settings.ts';

const beside: [mirror: string, security: string][] = [
	['http://m.example/debian', 'http://m.example/debian-security'],
	['http://m.example/debian/', 'http://m.example/debian-security/'],
	['http://m.example/archive/debian/20250520T000000Z', 'http://m.example/archive/debian-security/20250520T000000Z'],
	['http://m.example/debian/mine', 'http://m.example/debian/mine'],
	['file:/srv/debian', 'file:/srv/debian-security'],
	['http://debian.example/all', 'http://debian.example/all'],
];

for (const [mirror, security] of beside) {
	test(`with the mirror ${mirror} nobody else is asked: security comes from ${security}`, async t => {
		t.like(await detectPackageSettings({distribution: 'debian', mirror}), {mirror, securityMirror: security});
	});
}

test('Ubuntu has its security suites in the same archive', async t => {
	const mirror = 'http://m.example/ubuntu';
	t.like(await detectPackageSettings({distribution: 'ubuntu', mirror}), {mirror, securityMirror: mirror});
});

test('a security mirror that is named is the one', async t => {
	const named = {mirror: 'http://m.example/debian', securityMirror: 'http://s.example'};
	t.like(await detectPackageSettings({distribution: 'debian', ...named}), named);
});

test('who allows expired suites is known', async t => {
	const of = async (allowExpired?: boolean) =>
		(await detectPackageSettings({distribution: 'debian', mirror: 'http://m.example', allowExpired})).expiredAllowedBy;
	t.regex((await of()) ?? '', /this host's apt/);
	t.is(await of(true), undefined);
});
