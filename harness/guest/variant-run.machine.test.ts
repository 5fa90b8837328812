/** The program that configures a node, run on this host's kernel in a copy of its file system that is gone when the test ends. */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Variant} from '../model/index.ts';
import {guestFolder} from './guest-files.ts';
import {variantFiles} from './variant.ts';

const release = os.release();

/**
 * Runs the program and returns what it says on the console.
 * @param before commands of a shell that make the file system like that of a node, which is `$root`
 */
function consoleOf(t: ExecutionContext, variant: Variant, before: string): string {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'variant-'));
	t.teardown(() => rmSync(folder, {recursive: true, force: true}));
	const files = [
		...variantFiles(variant, {name: 'm1', address: '10.99.0.1'}),
		{path: '/usr/lib/swarmlab/say', content: readFileSync(path.join(guestFolder, 'say'), 'utf8'), mode: 0o644},
	];
	const script = `set -e; mkdir upper work root; root=$PWD/root
		mount -t tmpfs tmpfs upper; mkdir upper/files upper/work
		mount -t overlay -o lowerdir=/,upperdir=upper/files,workdir=upper/work overlay root
		mkdir -p root/usr/lib/swarmlab/variant root/lib/modules/${release}; mount -t tmpfs tmpfs root/dev; : > root/dev/console; : > root/dev/null; rm -f root/.dockerenv
		${files.map(({path: at, content}) => `mkdir -p "root${path.dirname(at)}"; printf %s ${quoted(content)} > "root${at}"`).join('\n')}
		${before}
		chroot root /bin/sh /usr/lib/swarmlab/variant/run true > root/said 2>&1 || true
		cat root/dev/console root/said`;
	return execFileSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script], {
		cwd: folder,
		encoding: 'utf8',
	});
}

function quoted(text: string): string {
	return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

const asRoot = process.getuid?.() === 0 ? test : test.skip;

for (const [name, file] of [
	['xt_u32', 'kernel/net/netfilter/xt_u32.ko'],
	['nf_conntrack', 'kernel/net/netfilter/nf-conntrack.ko'],
]) {
	asRoot(`a module that is built into the kernel, here ${name}, cannot be withheld, and the variant is refused`, t => {
		const builtIn = `printf '%s\\n' kernel/fs/ext4/ext4.ko ${file} > "$root/lib/modules/${release}/modules.builtin"`;
		const said = consoleOf(t, {id: 'no', modules: {withhold: [name!]}}, builtIn);
		t.is(
			said,
			`swarmlab: FATAL: variant refused: the module ${name} is built into kernel ${release}, so it cannot be withheld\n`,
		);
	});
}

asRoot('a module whose name is only a part of that of a module that is built in is not refused', t => {
	const builtIn = `echo kernel/net/netfilter/xt_u32_more.ko > "$root/lib/modules/${release}/modules.builtin"`;
	t.notRegex(consoleOf(t, {id: 'no', modules: {withhold: ['xt_u32', 'u32_more']}}, builtIn), /refused/);
});

// If they are written after all, nothing changes.
const [shared, own] = ['vm/swappiness', 'net/ipv4/ip_forward'].map(
	key => `echo $(cat /proc/sys/${key}) > /proc/sys/${key}`,
);

asRoot('in a container, commands change settings of its network, and none that it shares with its Docker host', t => {
	const inContainer = ': > "$root/.dockerenv"; mkdir -p "$root/proc"; mount --bind /proc "$root/proc"';
	t.notRegex(consoleOf(t, {id: 'own', before: {engine: [own!]}}, inContainer), /FATAL/);
	const said = consoleOf(t, {id: 'shared', before: {engine: [own!, shared!]}}, inContainer);
	t.regex(said, /FATAL: variant failed: echo .*swappiness ended with exit code [12]: .*Read-only file system/);
	const onMachine = 'mkdir -p "$root/proc"; mount --bind /proc "$root/proc"';
	t.notRegex(consoleOf(t, {id: 'machine', before: {engine: [shared!]}}, onMachine), /FATAL/);
});

asRoot('a command that fails is told with its last words, and no other is run', t => {
	const said = consoleOf(
		t,
		{id: 'fails', before: {engine: ['echo one; echo two >&2; exit 3', 'echo never > /dev/console']}},
		'',
	);
	t.regex(said, /FATAL: variant failed: .* ended with exit code 3: two\n$/);
	t.notRegex(said, /never\n/);
});
