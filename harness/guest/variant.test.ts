import test from 'ava';
import {HarnessError, NotApplicable, VariantRefused} from '../errors.ts';
import type {Engine, Variant} from '../model/index.ts';
import {variantFiles, variantInittab, variantTrouble} from './variant.ts';

const node = {name: 'w1', address: '10.99.0.2'};

function contents(variant: Variant): Record<string, string> {
	return Object.fromEntries(
		variantFiles(variant, node).map(({path, content}) => [path.replace('/usr/lib/swarmlab/variant/', ''), content]),
	);
}

test('a node gets what its variant says, and nothing for what it does not say', t => {
	const {run, ...rest} = contents({id: 'a', iptables: 'legacy'});
	t.deepEqual(rest, {node: 'SWARMLAB_NODE=w1\nSWARMLAB_ADDRESS=10.99.0.2\n', iptables: 'legacy\n'});
	t.regex(run!, /^#!\/bin\/busybox sh/);
});

test('settings, modules, files and commands are lines that the program reads', t => {
	const files = contents({
		id: 'a',
		sysctl: {'net.ipv4.ip_forward': 1, 'net/ipv4/conf/eth0.1/rp_filter': '2', 'net.ipv4.tcp_rmem': '1 2 3'},
		modules: {withhold: ['nf-conntrack', 'xt_u32']},
		files: {'/etc/a file': 'one\n', '/etc/b': 'two'},
		before: {engine: ['echo one; echo two', "echo '$HOME'"]},
	});
	t.is(files.sysctl, 'net/ipv4/ip_forward 1\nnet/ipv4/conf/eth0.1/rp_filter 2\nnet/ipv4/tcp_rmem 1 2 3\n');
	t.is(files.withheld, 'nf_conntrack nf[-_]conntrack\nxt_u32 xt[-_]u32\n');
	t.is(files.files, '0 /etc/a file\n1 /etc/b\n');
	t.is(files['copies/0'], 'one\n');
	t.is(files['copies/1'], 'two');
	t.is(files['before/001'], "echo '$HOME'\n");
});

test('keys of daemon.json replace those of the lab, and the others stay', t => {
	t.deepEqual(JSON.parse(contents({id: 'a', daemon: {mtu: 1400, 'storage-driver': 'vfs'}})['daemon.json']!), {
		'storage-driver': 'vfs',
		'exec-opts': ['native.cgroupdriver=cgroupfs'],
		mtu: 1400,
	});
});

test('the engine of a machine starts after its variant, and the rest of its inittab is the same', t => {
	const {content} = variantInittab();
	t.regex(content, /^::once:\/usr\/lib\/swarmlab\/variant\/run start$/m);
	t.notRegex(content, /^::once:\/usr\/lib\/swarmlab\/start$/m);
	t.regex(content, /^::respawn:\/usr\/lib\/swarmlab\/sshd$/m);
});

const engine = {version: '28.5.2'} as Engine;
const told = (console: string, variant: Variant | undefined = {id: 'nft'}) =>
	variantTrouble(console, {name: 'm1', variant, engine});

test('an engine that does not start with a variant is told in its own last words', t => {
	const console = [
		'swarmlab: sshd up',
		'swarmlab: FATAL: dockerd did not start: time="2026" level=info msg="Starting up"',
		'time="2026" level=info msg="containerd is there"',
		'failed to start daemon: error initializing graphdriver: driver not supported: nonsense',
		'[   12.345678] cgroup: something else',
		'swarmlab: other program says',
		'this line, too',
	].join('\n');
	const error = told(console)!;
	t.true(error instanceof VariantRefused && error instanceof NotApplicable);
	t.is((error as VariantRefused).verdict, 'skipped');
	t.is(
		error.message,
		'm1: Docker 28.5.2 does not start with the variant nft: failed to start daemon: error initializing graphdriver: driver not supported: nonsense',
	);
	t.is((told(console, {id: 'nft', ifRefused: 'failed'}) as VariantRefused).verdict, 'failed');
	t.is(variantTrouble(console, {name: 'm1', engine}), undefined, 'without a variant it is no matter of variants');
});

test('a variant that the kernel refuses is another thing than one that is wrong', t => {
	const refused = told('swarmlab: FATAL: variant refused: the module ext4 is built into kernel 6.1, so …');
	t.true(refused instanceof VariantRefused);
	t.is(refused!.message, 'm1: the variant nft: the module ext4 is built into kernel 6.1, so …');
	const failed = told('swarmlab: FATAL: variant failed: ls /nowhere ended with exit code 2: No such file');
	t.true(failed instanceof HarnessError);
	t.is(failed!.message, 'm1: the variant nft: ls /nowhere ended with exit code 2: No such file');
	t.is(told('swarmlab: FATAL: init: no /proc'), undefined);
	t.is(told(''), undefined);
});
