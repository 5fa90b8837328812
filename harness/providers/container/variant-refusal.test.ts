import test from 'ava';
import type {NodeSpec, Variant} from '../../model/index.ts';
import {variantRefusal} from './variant-refusal.ts';

const refusal = (variant: Omit<Variant, 'id'>) =>
	variantRefusal([{name: 'm1'} as NodeSpec, {name: 'w1', variant: {id: 'a', ...variant}} as NodeSpec]);

test('a container can have what is its own', t => {
	const own = {
		'net.ipv4.ip_forward': 1,
		'net/core/somaxconn': 9,
		'kernel.shmmax': 1,
		'kernel.sem': '1',
		'fs.mqueue.msg_max': 9,
	};
	t.is(
		refusal({daemon: {mtu: 1}, sysctl: own, files: {'/a': ''}, iptables: 'nft', before: {init: ['true']}}),
		undefined,
	);
});

test('what would change its Docker host is refused in a sentence', t => {
	t.is(
		refusal({sysctl: {'net.ipv4.ip_forward': 1, 'vm.swappiness': 1, 'kernel.semantics': 1}}),
		"The variant a sets vm.swappiness, kernel.semantics, which containers share with their Docker host and everything else on it: choose QEMU's machines",
	);
	t.regex(
		refusal({kernelArgs: ['nosmt']})!,
		/command line \(nosmt\), and containers boot no kernel: choose QEMU's machines$/,
	);
	t.regex(refusal({modules: {withhold: ['xt_u32']}})!, /^The variant a withholds modules \(xt_u32\)/);
});
