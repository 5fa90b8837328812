import {mkdtemp, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {UsageError} from '../../errors.ts';
import type {PackageRow} from '../packages/package-index.ts';
import {expandKernel, resolveKernel} from './kernel-spec.ts';
import {kernelsIn} from './kernels.ts';

const row = (suite: string, name: string, version: string, depends = ''): PackageRow => ({
	...{name, version, suite, depends},
	...{uri: `http://mirror.example/${name}_${version}.deb`, sha256: '0'.repeat(64), size: 1},
});
const split = (suite: string, release: string, version: string) => {
	const parts = ['base', 'binary', 'modules'].map(part => `linux-${part}-${release}`);
	const depends = `dracut | initramfs-tools (>= 0.120), ${parts.map(name => `${name} (= ${version})`).join(', ')}`;
	return [row(suite, `linux-image-${release}`, version, depends), ...parts.map(name => row(suite, name, version))];
};
const old = 'kmod, linux-base (>= 4.3~), initramfs-tools (>= 0.120+deb8u2) | linux-initramfs-tool';

const suites = ['bullseye-security', 'bookworm', 'bookworm-security', 'trixie-backports', 'sid'];
const rows = [
	row('bookworm-security', 'linux-image-6.1.0-56-cloud-amd64', '6.1.192-2', old),
	row('bookworm-security', 'linux-image-6.1.0-56-amd64', '6.1.192-2', old),
	row('bookworm-security', 'linux-image-6.1.0-56-rt-amd64', '6.1.192-2', old),
	row('bookworm', 'linux-image-6.1.0-50-cloud-amd64', '6.1.176-1', old),
	row('bookworm-security', 'linux-image-6.1.0-50-cloud-amd64', '6.1.176-1', old),
	row('bullseye-security', 'linux-image-6.1.0-0.deb11.52-cloud-amd64', '6.1.180-1~deb11u1', old),
	row('bullseye-security', 'linux-image-5.10.0-46-cloud-amd64', '5.10.262-1', old),
	row('bookworm-security', 'linux-image-6.12.117+deb12-cloud-amd64', '6.12.117-1~deb12u1', old),
	row('bookworm', 'linux-image-cloud-amd64', '6.1.192-2', 'linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2)'),
	...split('trixie-backports', '7.3.4+deb13-cloud-amd64', '7.3.4-1~bpo13+1'),
	...split('trixie-backports', '6.19.14+deb13-cloud-amd64', '6.19.14-1~bpo13+1').filter(
		({name}) => !name.includes('modules'),
	),
	...split('sid', '7.2.13+deb14-amd64', '7.2.13-1'),
];
const kernels = kernelsIn(rows, suites);

test('kernels are listed newest first; real-time builds, metapackages, doubles and remains are left out', t => {
	t.deepEqual(
		kernels.map(({label, release}) => `${label} ${release}`),
		[
			'7.3.4 7.3.4+deb13-cloud-amd64',
			'7.2.13-generic 7.2.13+deb14-amd64',
			'6.12.117 6.12.117+deb12-cloud-amd64',
			'6.1.192 6.1.0-56-cloud-amd64',
			'6.1.192-generic 6.1.0-56-amd64',
			'6.1.180 6.1.0-0.deb11.52-cloud-amd64',
			'6.1.176 6.1.0-50-cloud-amd64',
			'5.10.262 5.10.0-46-cloud-amd64',
		],
	);
	// In both suites: the first of the settings counts.
	t.like(kernels.find(({label}) => label === '6.1.176')?.source, {package: {suite: 'bookworm'}});
});

test("Ubuntu's kernels are identified by their ABI, as their version stays the same", t => {
	const [kernel] = kernelsIn(
		[
			row(
				'jammy',
				'linux-image-5.15.0-91-generic',
				'5.15.0-91.101',
				'kmod, linux-base (>= 4.5ubuntu1~16.04.1), linux-modules-5.15.0-91-generic',
			),
			row('jammy', 'linux-modules-5.15.0-91-generic', '5.15.0-91.101'),
		],
		['jammy'],
	);
	t.is(kernel?.label, '5.15.0-91-generic');
});

const resolved: Record<string, string> = {
	'6.1': '6.1.192',
	'6': '6.12.117',
	'6.1.180': '6.1.180',
	'6.1.0-50': '6.1.176',
	'5.10': '5.10.262',
	'7': '7.3.4',
	'6.12.117+deb12': '6.12.117',
	'6.1/generic': '6.1.192-generic',
	'7.2': '7.2.13-generic',
	'6.1@bullseye-security': '6.1.180',
	'6.1/cloud@bookworm': '6.1.176',
	'linux-image-6.1.0-50-cloud-amd64': '6.1.176',
	'linux-image-6.1.0-50-cloud-amd64=6.1.176-1': '6.1.176',
	'linux-image-cloud-amd64': '7.3.4',
	'linux-image-amd64': '7.2.13-generic',
	'linux-image-6.1-cloud-amd64': '6.1.192',
	latest: '7.3.4',
	'Latest@bookworm-security': '6.12.117',
	'latest/generic': '7.2.13-generic',
	'v6.1': '6.1.192',
	'"6.1"': '6.1.192',
	"6.1'": '6.1.192',
	' 6.12 ': '6.12.117',
};
for (const [spec, label] of Object.entries(resolved)) {
	test(`the kernel spec ${spec} means ${label}`, async t => {
		t.is((await resolveKernel(spec, kernels)).label, label);
	});
}

const unknown: Record<string, RegExp> = {
	'6.9': /Nearest: 6\.1\.192, 6\.12\.117\./,
	'9': /Nearest: 7\.3\.4\./,
	'6.1/kvm': /Nearest: 6\.1\/cloud, 6\.1\/generic\./,
	'linux-image-6.1.0-51-cloud-amd64': /Nearest: linux-image-6\.1\.0-5[06]-cloud-amd64/,
	'https://host.example/linux-image-6.9.0-1-generic_6.9_amd64.deb': /has no checksum/,
	'': /Nearest/,
	defualt: /Nearest: default\./,
	lastest: /Nearest: latest\./,
	newest: /Nearest: latest\./,
	mainline: /Nearest: latest\./,
	bookworm: /Nearest: latest@bookworm/,
	'6.1@nosuite': /No kernel comes from a suite 'nosuite'\.$/,
	'6.1@bookwrm': /suite 'bookwrm'\. Nearest: bookworm/,
	'linux-image-cloud-amd64@nosuite': /No kernel comes from a suite 'nosuite'/,
	'6.12@bullseye-security': /Suite bullseye-security has no kernel '6\.12@.*Nearest: 6\.1\.180/,
	'>=6.1': /Ranges of kernels are not understood: '>=6\.1'/,
	'<6.12': /Ranges of kernels/,
	'6.1..6.12': /Ranges of kernels/,
	'6.1-6.12': /Ranges of kernels/,
	'6.1 - 6.12': /Ranges of kernels/,
	'~6.1': /Ranges of kernels/,
	'6.1+': /Ranges of kernels/,
	'*': /Ranges of kernels/,
	'6.1?': /Ranges of kernels/,
	'9.*': /No configured suite has a kernel '9\.\*'\. Nearest: 7\.3\.4\./,
	'./nowhere.deb': /nowhere\.deb is not there/,
	'file://host/nowhere.deb': /is not there/,
	'./nowhere': /nowhere is not there/,
};
for (const [spec, message] of Object.entries(unknown)) {
	test(`the kernel spec '${spec}' is refused: ${message.source}`, async t => {
		await t.throwsAsync(resolveKernel(spec, kernels), {instanceOf: UsageError, message});
	});
}

test('a folder without an image is refused with how it is made', async t => {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-kernel-'));
	const error = await t.throwsAsync<UsageError>(resolveKernel(folder, kernels), {
		instanceOf: UsageError,
		message: /no kernel image/,
	});
	t.regex(error?.remedy ?? '', /modules_install/);
	await writeFile(path.join(folder, 'bzImage'), 'not an image at all'.repeat(100));
	await t.throwsAsync(resolveKernel(folder, kernels), {
		instanceOf: UsageError,
		message: /not an x86 kernel image.* a text \(1900 bytes\)/,
	});
});

test('6.* is the newest of each series, and 6.1.* every version of one, in the suite and flavour asked for', t => {
	t.deepEqual(expandKernel('6.*', kernels), ['6.12', '6.1']);
	t.deepEqual(expandKernel('6.x', kernels), ['6.12', '6.1']);
	t.deepEqual(expandKernel("'6.1.*@bookworm'", kernels), ['6.1.176@bookworm']);
	t.deepEqual(expandKernel('6.*/generic', kernels), ['6.1/generic']);
	t.deepEqual(expandKernel('6.1.0-50', kernels), ['6.1.0-50']);
	t.deepEqual(expandKernel('./folder.x', kernels), ['./folder.x']);
});

test('a range is reported with the list that was probably meant', async t => {
	const remedyOf = async (spec: string) =>
		(await t.throwsAsync<UsageError>(resolveKernel(spec, kernels)))?.remedy ?? '';
	t.regex(await remedyOf('>=6.1'), /^Write a list: 6\.1,6\.12,7\.3\. /);
	t.regex(await remedyOf('<6.12'), /^Write a list: 5\.10,6\.1\. /);
	t.regex(await remedyOf('5.10-6.12'), /^Write a list: 5\.10,6\.1,6\.12\. .*'6\.\*'/);
});

test('a suite has what an earlier suite has, too', async t => {
	const everywhere = kernelsIn(rows, suites, {eachSuite: true});
	const suiteOf = async (spec: string) => {
		const {source} = await resolveKernel(spec, everywhere);
		return source.type === 'package' ? source.package.suite : '';
	};
	t.is(await suiteOf('6.1.176@bookworm-security'), 'bookworm-security');
	t.is(await suiteOf('6.1.176'), 'bookworm');
});
