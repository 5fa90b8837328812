/** The scripts that machines run: read by every shell that may be there, and refusing what they cannot do. */
import {spawnSync} from 'node:child_process';
import {globSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {packageRoot} from '../harness/package.ts';

const scripts = globSync('{vagrant/*.sh,harness/providers/vagrant/box-files/usr/lib/swarmlab/*}', {cwd: packageRoot})
	.map(name => path.join(packageRoot, name))
	.sort();

test('every script can be read by a plain shell', t => {
	t.true(scripts.length >= 4, scripts.join(' '));
	for (const script of scripts) {
		const {stderr, status} = spawnSync('sh', ['-n', script], {encoding: 'utf8'});
		t.is(status, 0, `${script}: ${stderr}`);
	}
});

const run = (script: string, ...words: string[]) =>
	spawnSync('sh', [path.join(packageRoot, 'vagrant', script), ...words], {encoding: 'utf8'});

for (const script of ['kernel.sh', 'engine.sh']) {
	test(`${script} without a word, with too many or with an option that it has not says what it takes`, t => {
		for (const words of [[], ['a', 'b'], ['--nothing']]) {
			const {status, stderr} = run(script, ...words);
			t.is(status, 64, words.join(' '));
			t.regex(stderr, new RegExp(`^usage: ${script} SPEC`));
		}
	});
}

test('the Vagrantfile can be read', t => {
	const {status, error} = spawnSync('ruby', ['-c', path.join(packageRoot, 'Vagrantfile')], {encoding: 'utf8'});
	if (error) {
		t.pass('no Ruby here');
	} else {
		t.is(status, 0);
	}
});

/** The lab that the Vagrantfile makes with these variables, without Vagrant. */
function labWith(env: Record<string, string>) {
	const script = 'module Vagrant; def self.configure(_); end; end; load ARGV[0]; puts JSON.generate(LAB)';
	return spawnSync('ruby', ['-e', script, path.join(packageRoot, 'Vagrantfile')], {
		encoding: 'utf8',
		env: {PATH: process.env.PATH, ...env},
	});
}

test('to the Vagrantfile an empty variable is as good as none', t => {
	const names = ['RELEASE', 'MANAGERS', 'WORKERS', 'KERNEL', 'DOCKER', 'BOX', 'MEMORY', 'CPUS', 'ACCELERATOR', 'LAB'];
	const usual = labWith({});
	if (usual.error) {
		t.pass('no Ruby here');
		return;
	}

	for (const value of ['', ' ']) {
		const {stdout, stderr} = labWith(Object.fromEntries(names.map(name => [`SWARMLAB_${name}`, value])));
		t.is(stderr, '');
		t.deepEqual(JSON.parse(stdout), JSON.parse(usual.stdout));
	}

	t.like(JSON.parse(labWith({SWARMLAB_MEMORY: '2048', SWARMLAB_BOX: 'mine'}).stdout), {memory: 2048, box: 'mine'});
});
