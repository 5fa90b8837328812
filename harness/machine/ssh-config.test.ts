/** The configuration is read by the ssh of this host, which is asked what it understood. */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {sshConfig} from './ssh-config.ts';

const machine = (name: string, port: number) => ({
	name,
	reach: {
		...{by: 'ssh' as const, host: '127.0.0.1', port, user: 'root', identityFile: '/tmp/a folder/key'},
		controlPath: '/tmp/control',
	},
});

test('ssh finds each machine by its name', async t => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'ssh-config-'));
	t.teardown(() => rmSync(folder, {recursive: true}));
	const file = path.join(folder, 'config');
	writeFileSync(file, `${sshConfig([machine('m1', 2201), machine('w1', 2202)])}\n`);
	const {stdout} = await execa('ssh', ['-G', '-F', file, 'w1']);
	const lines = stdout.split('\n');
	for (const line of [
		...['hostname 127.0.0.1', 'port 2202', 'user root', 'identityfile /tmp/a folder/key', 'identitiesonly yes'],
		...['stricthostkeychecking false', 'userknownhostsfile /dev/null'],
	]) {
		t.true(lines.includes(line), `${line}\n${stdout}`);
	}
});
