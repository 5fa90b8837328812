/** Kernels from packages, .debs and folders, all made here: a kernel's header is enough to be taken for one. */
import {createHash, randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import http from 'node:http';
import type {AddressInfo} from 'node:net';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {ArtifactError, UsageError} from '../../errors.ts';
import {makeArchive, makeDeb} from '../packages/fixtures/local-archive.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-kernels-'));
process.env.SWARMLAB_CACHE = path.join(folder, 'cache');
const {openPackages} = await import('../packages/packages.ts');
const {buildKernel} = await import('./kernel-artifact.ts');
const {folderRecipe} = await import('./kernel-folder.ts');
const {resolveKernel} = await import('./kernel-spec.ts');
const {listKernels} = await import('./kernels.ts');

const release = '7.3.4+deb13-cloud-amd64';
const version = '7.3.4-1~bpo13+1';
const parts = {
	base: {[`usr/lib/modules/${release}/config`]: 'CONFIG_VXLAN=m\n', [`usr/lib/modules/${release}/modules.builtin`]: ''},
	binary: {[`usr/lib/modules/${release}/vmlinuz`]: imageOf(release)},
	modules: {[`usr/lib/modules/${release}/kernel/README`]: 'no modules'},
};
const built = [
	{name: 'busybox-static', version: '1:1.35.0-4', files: {'bin/busybox': 'a program'}},
	{
		name: `linux-image-${release}`,
		version,
		depends: Object.keys(parts)
			.map(part => `linux-${part}-${release} (= ${version})`)
			.join(', '),
	},
	...Object.entries(parts).map(([part, files]) => ({name: `linux-${part}-${release}`, version, files})),
];
const archive = await makeArchive(path.join(folder, 'archive'), [{suite: 'trixie', packages: built}]);
const packages = openPackages({
	distribution: 'debian',
	mirror: archive.uri,
	securityMirror: archive.uri,
	suites: ['trixie'],
	components: ['main'],
	keyring: archive.keyring,
	allowExpired: false,
	repositories: [],
});

test.after.always(() => rm(folder, {recursive: true, force: true}));

/** What an x86 kernel's image begins with. */
function imageOf(release: string): Buffer {
	const image = Buffer.alloc(4096);
	image.write('HdrS', 0x202, 'latin1');
	image.writeUInt16LE(0x400, 0x20e);
	image.write(`${release} (builder@host) #1 SMP\0`, 0x600, 'latin1');
	return image;
}

const build = async (spec: string) =>
	buildKernel(await resolveKernel(spec, await listKernels(packages)), packages, () => {});

test('a kernel that is split over four packages becomes one artifact', async t => {
	const artifact = await build('7.3');
	t.is(artifact.release, release);
	t.deepEqual((await readdir(artifact.folder)).sort(), [
		'config',
		'initrd',
		'manifest.json',
		'modules.ext4',
		'release',
		'vmlinuz',
	]);
	t.deepEqual(await readFile(artifact.vmlinuz), imageOf(release));
	t.is(await readFile(artifact.kernelConfig!, 'utf8'), 'CONFIG_VXLAN=m\n');
});

test('a .deb finds the packages that it is split into beside it, and misses them when they are not there', async t => {
	const debs = path.join(folder, 'debs');
	await mkdir(debs);
	const deb = path.join(debs, 'linux-image-unsigned-6.9.0-1-generic_6.9.0_amd64.deb');
	const image = {
		name: 'linux-image-unsigned-6.9.0-1-generic',
		version: '6.9.0',
		depends: 'linux-modules-6.9.0-1-generic',
	};
	await makeDeb({...image, files: {'boot/vmlinuz-6.9.0-1-generic': imageOf('6.9.0-1-generic')}}, deb);
	const error = await t.throwsAsync<ArtifactError>(build(deb), {
		instanceOf: ArtifactError,
		message: /have no modules of 6\.9\.0-1-generic/,
	});
	t.regex(error?.remedy ?? '', /linux-modules-/);
	const modules = {
		name: 'linux-modules-6.9.0-1-generic',
		version: '6.9.0',
		files: {'lib/modules/6.9.0-1-generic/kernel/README': ''},
	};
	await makeDeb(modules, path.join(debs, 'linux-modules-6.9.0-1-generic_6.9.0_amd64.deb'));
	t.is((await build(deb)).release, '6.9.0-1-generic');
	t.is((await build(`file:${deb}`)).release, '6.9.0-1-generic');
});

test('a folder of a build of your own is a kernel, and another one when it is built again', async t => {
	const own = path.join(folder, 'own');
	await mkdir(path.join(own, 'lib/modules/6.9.0-mine/kernel'), {recursive: true});
	await writeFile(path.join(own, 'bzImage'), imageOf('6.9.0-mine'));
	const first = await build(own);
	t.is(first.release, '6.9.0-mine');
	t.is((await build(own)).key, first.key);
	await writeFile(path.join(own, 'bzImage'), Buffer.concat([imageOf('6.9.0-mine'), Buffer.from('patched')]));
	t.not((await build(own)).key, first.key);
});

test('modules in the sources, to which `build` of a folder leads, are no modules of the kernel', async t => {
	const own = path.join(folder, 'linked');
	const modules = path.join(own, 'lib/modules/6.9.0-linked');
	const module = path.join(folder, 'sources/drivers/other.ko');
	await mkdir(path.join(modules, 'kernel'), {recursive: true});
	await mkdir(path.dirname(module), {recursive: true});
	await writeFile(path.join(modules, 'kernel/one.ko'), 'one');
	await writeFile(module, 'other');
	await writeFile(path.join(own, 'bzImage'), imageOf('6.9.0-linked'));
	await symlink(path.join(folder, 'sources'), path.join(modules, 'build'));
	const recipe = async () => JSON.stringify(await folderRecipe(own));
	const first = await recipe();
	t.true(first.includes('kernel/one.ko'), first);
	t.false(first.includes('other.ko'), first);
	await writeFile(path.join(modules, 'kernel/one.ko'), 'another one');
	t.not(await recipe(), first);
});

test('modules of another build than the image are refused', async t => {
	const mixed = path.join(folder, 'mixed');
	await mkdir(path.join(mixed, 'lib/modules/6.8.0-old/kernel'), {recursive: true});
	await writeFile(path.join(mixed, 'bzImage'), imageOf('6.9.0-mine'));
	await t.throwsAsync(build(mixed), {message: /image is of 6\.9\.0-mine, but the modules are of 6\.8\.0-old/});
});

test('a .deb is fetched over http with its checksum verified', async t => {
	const deb = path.join(folder, 'served.deb');
	const files = {
		'boot/vmlinuz-6.9.0-2-generic': imageOf('6.9.0-2-generic'),
		'lib/modules/6.9.0-2-generic/kernel/README': '',
	};
	await makeDeb({name: 'linux-image-6.9.0-2-generic', version: '6.9.0', files}, deb);
	const content = await readFile(deb);
	const server = http.createServer((_request, response) => response.end(content)).listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => server.close());
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/linux-image-6.9.0-2-generic_6.9.0_amd64.deb`;
	const sha256 = createHash('sha256').update(content).digest('hex');
	t.is((await build(`${url}#sha256=${sha256}`)).release, '6.9.0-2-generic');
	await t.throwsAsync(build(`${url}#sha256=${'0'.repeat(64)}`), {
		instanceOf: ArtifactError,
		message: /Hash Sum mismatch/,
	});
});

test('a file that is no whole package of an x86 kernel is refused when it is named, with what it is', async t => {
	const deb = path.join(folder, 'whole.deb');
	const files = {'boot/vmlinuz-6.9.0-3-generic': imageOf('6.9.0-3-generic'), filling: randomBytes(100_000)};
	await makeDeb({name: 'linux-image-6.9.0-3-generic', version: '6.9.0', files}, deb);
	await resolveKernel(deb, []);
	const whole = await readFile(deb);
	const wrong: [content: Buffer | string, message: RegExp][] = [
		['', /an empty file \(0 bytes\)/],
		['hello\n', /a text \(6 bytes\)/],
		['<html>404</html>', /a web page \(16 bytes\)/],
		[whole.subarray(0, 50), /beginning of a Debian package .*\(50 bytes\)/],
		[whole.subarray(0, 50_000), /beginning of a Debian package .*\(50000 bytes\)/],
	];
	for (const [content, message] of wrong) {
		const file = path.join(folder, 'wrong.deb');
		await writeFile(file, content);
		const error = await t.throwsAsync<UsageError>(resolveKernel(file, []), {instanceOf: UsageError, message});
		t.regex(error?.message ?? '', /is not a Debian package, or not a whole one/);
	}

	const other = path.join(folder, 'tool.deb');
	await makeDeb({name: 'tool', version: '1', files: {'bin/tool': ''}}, other);
	await t.throwsAsync(resolveKernel(other, []), {instanceOf: UsageError, message: /is not a kernel/});
	await t.throwsAsync(resolveKernel(archive.keyring, []), {
		instanceOf: UsageError,
		message: /neither a \.deb nor a folder/,
	});
	await mkdir(path.join(folder, 'folder.deb'));
	await t.throwsAsync(resolveKernel(path.join(folder, 'folder.deb'), []), {
		instanceOf: UsageError,
		message: /is not a file: it is a folder/,
	});
});
