/** Kernels and engines as a person or a CI asks for them: the real program on archives of this disk and loopback servers. */
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {makeArchive} from '../harness/artifacts/packages/fixtures/local-archive.ts';
import {type Cell, uniform} from '../harness/model/index.ts';
import {packageRoot} from '../harness/package.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-packages-'));
const lastYear = new Date(Date.now() - 365 * 24 * 3600e3);
const kernel = (release: string, version: string) => ({
	name: `linux-image-${release}-cloud-amd64`,
	version,
	files: {},
});
const archive = await makeArchive(path.join(folder, 'debian'), [
	{
		suite: 'bookworm',
		packages: [
			{name: 'docker.io', version: '20.10.24+dfsg1-1'},
			kernel('6.1.0-50', '6.1.176-1'),
			kernel('6.12.9', '6.12.9-1'),
			kernel('6.12.10', '6.12.10-1'),
		],
	},
	{suite: 'trixie', packages: [{name: 'docker.io', version: '26.1.5+dfsg1-9'}]},
	{suite: 'forky', packages: [{name: 'docker.io', version: '28.5.2-1'}], validUntil: lastYear},
	{suite: 'sid', packages: [{name: 'docker.io', version: '28.5.2-1'}], validUntil: lastYear},
]);
// Beside it, where a mirror has it.
const security = await makeArchive(path.join(folder, 'debian-security'), [
	{suite: 'trixie-security', packages: [{name: 'docker.io', version: '26.1.5+dfsg1-9+deb13u1'}]},
]);
const keyring = path.join(folder, 'keyring.gpg');
await writeFile(keyring, Buffer.concat([await readFile(archive.keyring), await readFile(security.keyring)]));
await writeFile(path.join(folder, 'package.json'), '{"type": "module"}');
await writeFile(
	path.join(folder, 'swarmlab.config.ts'),
	`export default {packages: ${JSON.stringify({
		distribution: 'debian',
		mirror: archive.uri,
		keyring,
		suites: ['bookworm', 'trixie', 'trixie-security', 'forky', 'sid'],
		allowExpired: true,
	})}, kernels: ['6.1'], engines: ['20.10']};\n`,
);
const scenario = path.join(folder, 'one.ts');
await writeFile(scenario, "import 'swarmlab';\nconsole.log(JSON.stringify({title: 'one holds', line: 1}));\n");
await writeFile(path.join(folder, 'junk.deb'), 'junk');
await writeFile(path.join(folder, 'docker-20.10.0.tgz'), 'junk');
await mkdir(path.join(folder, 'empty'));

test.after.always(() => rm(folder, {recursive: true, force: true}));

async function swarmlab(words: string[], env: Record<string, string> = {}) {
	return execa(process.execPath, [path.join(packageRoot, 'harness/cli.ts'), ...words], {
		reject: false,
		stdin: 'ignore',
		cwd: folder,
		env: {
			SWARMLAB_STATE: path.join(folder, 'state'),
			SWARMLAB_CACHE: path.join(folder, 'cache'),
			NO_COLOR: '1',
			// It would win, and Node warns of it.
			FORCE_COLOR: undefined,
			...env,
		},
	});
}

const refused: [words: string[], exitCode: number, message: RegExp][] = [
	[['--kernel', './nope.deb'], 64, /nope\.deb is not there/],
	[['--kernel', './junk.deb'], 64, /junk\.deb is not a Debian package.* a text \(4 bytes\)/],
	[['--kernel', './empty'], 64, /has no kernel image/],
	[['--kernel', './junk.deb', '--docker', 'tarball:'], 64, /junk\.deb[\s\S]*'tarball:' names no file/],
	[['--docker', 'tarball:./nope.tgz'], 64, /nope\.tgz is not there/],
	[['--docker', 'tarball:./docker-20.10.0.tgz'], 64, /not a tar archive.* a text \(4 bytes\)/],
	[['--docker', 'tarball:./empty'], 64, /is not a file: it is a folder/],
	[['--kernel', 'defualt'], 64, /Nearest: default\./],
	[['--kernel', '6.1@nosuite'], 64, /No kernel comes from a suite 'nosuite'[\s\S]*Suites that have one: bookworm\./],
	[['--kernel', '>=6.1'], 64, /Ranges of kernels.*\n {2}→ Write a list: 6\.1,6\.12\./],
	[['--docker', 'bookworm-backports'], 64, /No Docker Engine comes from a suite 'bookworm-backports'/],
	[['--suites', 'bookwrm'], 64, /no suite 'bookwrm'.* Nearest: bookworm\./],
	[['--mirror', 'file:///nowhere'], 69, /The mirror file:\/\/\/nowhere cannot be reached: there is no folder/],
	[['--mirror', 'http://127.0.0.1:1/debian'], 69, /The mirror http:\/\/127\.0\.0\.1:1\/debian cannot be reached: /],
];

for (const [words, expected, message] of refused) {
	test.serial(`\`swarmlab plan ${words.join(' ')}\` ends with ${expected}`, async t => {
		const {exitCode, stderr, stdout} = await swarmlab(['plan', scenario, ...words]);
		t.is(exitCode, expected, stderr);
		t.regex(stderr, message);
		t.regex(stderr, / {2}→ /);
		t.notRegex(stderr, /\n\s+at |Command failed/, 'a stack is for defects of ours');
		t.notRegex(stderr, /warning: /, 'nothing stands before the error that is not its reason');
		t.is(stdout, '');
	});
}

test.serial('a plan understands words, quotes, a v, all series, and a suite that another one equals', async t => {
	const {stdout, stderr} = await swarmlab([
		...['plan', scenario, '--json'],
		...['--kernel', 'v6.1,6.*,"latest"', '--docker', 'sid'],
	]);
	const {cells} = JSON.parse(stdout) as {cells: Cell[]};
	t.deepEqual(
		cells.map(cell => uniform(cell, ({kernel, engine}) => `${kernel.label} ${engine.source.suite}`)),
		['6.1.176 sid', '6.12.10 sid'],
	);
	t.deepEqual([...stderr.matchAll(/^warning: .*/gm)].length, 1, stderr);
});

test.serial(
	'no two rows of the engines look alike, and what is expired is said once, only where it is listed',
	async t => {
		const {stdout, stderr} = await swarmlab(['engines']);
		const rows = stdout.split('\n').slice(1);
		t.is(rows.length, 4);
		t.is(new Set(rows).size, rows.length, stdout);
		t.regex(stdout, /26\.1\.5 +trixie-security .* 26\.1\.5\+dfsg1-9\+deb13u1$/m);
		const warnings = stderr.split('\n').filter(line => line.startsWith('warning: '));
		t.is(warnings.length, 1, stderr);
		t.regex(warnings[0]!, /^warning: Suites forky and sid are used .* \(packages\.allowExpired, --allow-expired\)\.$/);
		t.is((await swarmlab(['engines', '20.10'])).stderr, '');
	},
);

test.serial('that the lists are being read is said at once, and only then', async t => {
	const fresh = {SWARMLAB_CACHE: path.join(folder, 'fresh')};
	const [first, second] = [await swarmlab(['kernels', '6.1'], fresh), await swarmlab(['kernels', '6.1'], fresh)];
	t.regex(first.stderr, /^reading the lists of packages from .*debian.* \(once a day\)$/);
	t.is(second.stderr, '');
	t.is(first.stdout, second.stdout);
});

test.serial('a host without apt ends with 69 and the command that brings it', async t => {
	const {exitCode, stderr} = await swarmlab(['kernels'], {PATH: folder});
	t.is(exitCode, 69, stderr);
	t.regex(stderr, /is not on this host.*\n {2}→ .*swarmlab(?:\.js)? doctor --fix/);
});
