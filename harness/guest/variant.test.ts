import test from 'ava';
import type {Variant} from '../model/index.ts';
import {variantFiles, variantInittab} from './variant.ts';

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
		addresses: ['fd00:53::{n}/64', '10.77.0.{n}/24'],
		before: {engine: ['echo one; echo two', "echo '$HOME'"]},
	});
	t.is(files.sysctl, 'net/ipv4/ip_forward 1\nnet/ipv4/conf/eth0.1/rp_filter 2\nnet/ipv4/tcp_rmem 1 2 3\n');
	t.is(files.withheld, 'nf_conntrack nf[-_]conntrack\nxt_u32 xt[-_]u32\n');
	t.is(files.files, '0 /etc/a file\n1 /etc/b\n');
	t.is(files.addresses, 'fd00:53::2/64\n10.77.0.2/24\n');
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
