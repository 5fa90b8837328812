import {mkdtemp, readFile, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {characterDevice, file, folder, link, writeCpio} from '../../guest/cpio.ts';
import {initScript} from '../../guest/guest-files.ts';
import {loadOrder, parseModuleTree} from './modules.ts';

const dep = `kernel/fs/ext4/ext4.ko: kernel/lib/crc16.ko kernel/fs/mbcache.ko kernel/fs/jbd2/jbd2.ko
kernel/fs/jbd2/jbd2.ko:
kernel/fs/mbcache.ko:
kernel/lib/crc16.ko:
kernel/lib/libcrc32c.ko:
kernel/crypto/crc32c_generic.ko:
kernel/drivers/block/virtio_blk.ko: kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko
kernel/drivers/virtio/virtio.ko:
kernel/drivers/virtio/virtio_ring.ko: kernel/drivers/virtio/virtio.ko
kernel/drivers/net/virtio_net.ko: kernel/drivers/virtio/virtio.ko
`;
const tree = parseModuleTree(
	dep,
	'softdep libcrc32c pre: crc32c\nsoftdep ext4 pre: crc32c-generic post: nothing\n',
	'kernel/drivers/virtio/virtio_pci.ko\n',
);

test('modules come after what they need; built-in ones and those that nobody needs do not come at all', t => {
	const names = loadOrder(tree, ['virtio_pci', 'virtio-blk', 'ext4']).map(file => path.basename(file, '.ko'));
	t.deepEqual(names, ['virtio', 'virtio_ring', 'virtio_blk', 'crc32c_generic', 'jbd2', 'mbcache', 'crc16', 'ext4']);
});

test('the kernel never lacks a driver because of how its name is written', t => {
	t.deepEqual(loadOrder(tree, ['virtio-net']), loadOrder(tree, ['virtio_net']));
});

test('cpio reads what we write: folders, programs, links and device nodes, owned by root', async t => {
	const target = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-cpio-'));
	t.teardown(() => rm(target, {recursive: true}));
	const archive = writeCpio([
		folder('bin'),
		file('bin/busybox', Buffer.from('program'), 0o755),
		link('bin/sh', 'busybox'),
		folder('dev'),
		characterDevice('dev/console', 5, 1),
	]);
	const {stdout} = await execa('cpio', ['-t', '-v', '--numeric-uid-gid', '--quiet'], {
		input: archive,
		env: {TZ: 'UTC', LC_ALL: 'C'},
	});
	t.deepEqual(
		stdout.split('\n').map(line => line.replaceAll(/\s+/g, ' ')),
		[
			'drwxr-xr-x 1 0 0 0 Jan 1 1970 bin',
			'-rwxr-xr-x 1 0 0 7 Jan 1 1970 bin/busybox',
			'lrwxrwxrwx 1 0 0 7 Jan 1 1970 bin/sh -> busybox',
			'drwxr-xr-x 1 0 0 0 Jan 1 1970 dev',
			'crw------- 1 0 0 5, 1 Jan 1 1970 dev/console',
		],
	);
	await execa('cpio', ['-i', '-d', '--quiet', 'bin/busybox'], {input: archive, cwd: target});
	t.is(await readFile(path.join(target, 'bin/busybox'), 'utf8'), 'program');
});

test('the first process is a script that a shell can parse', async t => {
	const {exitCode} = await execa('sh', ['-n', initScript], {reject: false});
	t.is(exitCode, 0);
});
