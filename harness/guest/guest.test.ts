import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {cloudFolder} from '../artifacts/clouds/cloud-files.ts';
import {cgroupOf} from '../artifacts/engines/rootfs.ts';
import {bodies, body} from '../artifacts/engines/service-images.ts';
import {guestFolder} from './guest-files.ts';

const scripts = [guestFolder, path.join(guestFolder, 'web'), cloudFolder].flatMap(folder =>
	readdirSync(folder, {withFileTypes: true})
		.filter(entry => entry.isFile())
		.map(({name}) => path.join(folder, name))
		.filter(file => /^#!.*sh\n|shellcheck shell=/.test(readFileSync(file, 'utf8'))),
);

test('every script of the guest can be read by the shell that runs it', t => {
	t.true(scripts.length >= 8, scripts.join(' '));
	for (const script of scripts) {
		const {stderr, status} = spawnSync('sh', ['-n', script], {encoding: 'utf8'});
		t.is(status, 0, `${script}: ${stderr}`);
	}
});

for (const [name, {bytes, sha256}] of Object.entries(bodies)) {
	test(`/bytes/${name} of swarmlab/web has the checksum that scenarios know`, t => {
		t.is(body(bytes).length, bytes);
		t.is(createHash('sha256').update(body(bytes)).digest('hex'), sha256);
	});
}

const versions: [version: string, cgroup: 'v1' | 'v2'][] = [
	['1.12.6', 'v1'],
	['17.06.2-ce', 'v1'],
	['19.03.15', 'v1'],
	['20.10.0', 'v2'],
	['20.10.24', 'v2'],
	['28.5.2', 'v2'],
];

for (const [version, cgroup] of versions) {
	test(`Docker ${version} gets cgroup ${cgroup}`, t => {
		t.is(cgroupOf(version), cgroup);
	});
}
