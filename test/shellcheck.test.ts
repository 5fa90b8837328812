/** Which files `npm run check` gives to shellcheck, and that it is heard. */
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {shellcheck, shellScripts} from './shellcheck.ts';

test('shell scripts are found by their first lines, in every folder', t => {
	const scripts = shellScripts();
	for (const known of [
		'.ci/run',
		'harness/guest/files/boot',
		'harness/guest/initrd/init',
		'harness/artifacts/clouds/files/start',
		'harness/devstack/packaged/lib/nova',
		'harness/devstack/rehearsal/tempest/tempest',
		'harness/providers/vagrant/box-files/usr/lib/swarmlab/make-box',
		'vagrant/kernel.sh',
	]) {
		t.true(scripts.includes(known), known);
	}

	// Perl.
	t.false(scripts.includes('harness/guest/files/identity'));
	t.true(scripts.length >= 60, scripts.join(' '));
});

test('what shellcheck has against a script is returned, wherever the script lies', t => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'swarmlab-shellcheck-'));
	t.teardown(() => rmSync(folder, {recursive: true, force: true}));
	mkdirSync(path.join(folder, 'vagrant/below'), {recursive: true});
	writeFileSync(path.join(folder, 'vagrant/below/wrong'), '#!/bin/sh\nrm $1\n');
	writeFileSync(path.join(folder, 'vagrant/no-script'), 'rm $1\n');
	t.deepEqual(shellScripts(folder), ['vagrant/below/wrong']);
	const complaints = shellcheck(shellScripts(folder), folder);
	if (complaints === undefined) {
		t.pass('shellcheck is not installed here');
	} else {
		t.regex(complaints, /SC2086/);
	}
});
