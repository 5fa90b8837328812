import test from 'ava';
import {entriesBetween, parseChangelog} from './changelog.ts';

const text = `docker.io (26.1.5+dfsg1-9+deb13u1) trixie-security; urgency=medium

  * Non-maintainer upload.
  * Backport of a fix:
    - CVE-2025-1.

 -- A Name <a@example.org>  Mon, 01 Sep 2025 10:00:00 +0200

docker.io (26.1.5+dfsg1-9) unstable; urgency=medium

  * Rebuild.

 -- A Name <a@example.org>  Tue, 01 Apr 2025 10:00:00 +0200

docker.io (20.10.24+dfsg1-1) unstable; urgency=high

  * New upstream version.

 -- A Name <a@example.org>  Sat, 08 Apr 2023 10:00:00 +0200
`;

test('a changelog has its entries with their lines, without authors', t => {
	t.deepEqual(parseChangelog(text), [
		{
			version: '26.1.5+dfsg1-9+deb13u1',
			changes: ['  * Non-maintainer upload.', '  * Backport of a fix:', '    - CVE-2025-1.'],
		},
		{version: '26.1.5+dfsg1-9', changes: ['  * Rebuild.']},
		{version: '20.10.24+dfsg1-1', changes: ['  * New upstream version.']},
	]);
	t.deepEqual(parseChangelog(''), []);
});

test('entries after the older version, up to the newer one, whatever suite the older one is from', t => {
	const between = (older: string, newer: string) =>
		entriesBetween(parseChangelog(text), older, newer).map(({version}) => version);
	t.deepEqual(between('20.10.24+dfsg1-1+deb12u1', '26.1.5+dfsg1-9+deb13u1+b1'), [
		'26.1.5+dfsg1-9+deb13u1',
		'26.1.5+dfsg1-9',
	]);
	t.deepEqual(between('20.10.5+dfsg1-1', '26.1.5+dfsg1-9'), ['26.1.5+dfsg1-9', '20.10.24+dfsg1-1']);
	t.deepEqual(between('28', '29'), []);
});

test('the entry of a signed kernel has the version of the package', t => {
	const signed =
		'linux-signed-amd64 (6.12.90+1) trixie-security; urgency=high\n\n  * Sign kernel from linux 6.12.90-1\n';
	t.deepEqual(
		entriesBetween(parseChangelog(signed), '6.12.88-1', '6.12.90-1').map(({version}) => version),
		['6.12.90-1'],
	);
});
