/** Whether a kernel has what swarm needs, found out by looking: the scripts are run, on folders that look as kernels do. */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import test, {type ExecutionContext} from 'ava';
import {featuresOf, isSeen, lackingOf, lookAround, lookForSymbols, partsOf} from './features.ts';

const release = os.release();
const tree = `lib/modules/${release}`;
const legacy = [...featuresOf('20.10.24', 'iptables v1.8.9 (legacy)'), ...partsOf(['ip_vs'])];
const nft = [...featuresOf('20.10.24', 'iptables v1.8.9 (nf_tables)'), ...partsOf(['ip_vs'])];
const names = (features: readonly {module: string}[]) => features.map(({module}) => module);

/** Both looks, as on a machine whose files these are. Never a module is loaded: a modprobe that is called fails the test. */
function lackingIn(t: ExecutionContext, files: Record<string, string | Buffer>, wanted = nft): string[] {
	const root = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-features-'));
	t.teardown(() => fs.rmSync(root, {recursive: true}));
	for (const [name, content] of Object.entries(files)) {
		fs.mkdirSync(path.dirname(path.join(root, name)), {recursive: true});
		fs.writeFileSync(path.join(root, name), content);
	}

	const run = (script: string) =>
		execFileSync('sh', ['-c', script], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit']});
	const seen = run(lookAround(wanted, root));
	const missing = wanted.filter(feature => !isSeen(feature, seen));
	return lackingOf(missing, seen, run(lookForSymbols(missing, root)));
}

const listed = (modules: readonly string[], ending = '.ko') =>
	modules.map(name => `kernel/net/${name}${ending}: kernel/lib/libcrc32c${ending}\n`).join('');

test('the features follow the engine and the flavour of iptables', t => {
	t.true(names(legacy).includes('iptable_nat') && !names(legacy).includes('nft_compat'));
	t.true(names(nft).includes('nft_compat') && !names(nft).includes('iptable_nat'));
	t.false(names(legacy).includes('iptable_raw'));
	t.true(names(featuresOf('28.5.2', 'iptables v1.8.9 (legacy)')).includes('iptable_raw'));
	t.true(names(featuresOf('1.12.1', 'iptables v1.4.21')).includes('iptable_nat'));
});

test('what only claims about the balancer need does not keep others from being proven', t => {
	const base = names(featuresOf('28.5.2', 'iptables v1.8.9 (nf_tables)'));
	t.deepEqual(names(partsOf(['ip_vs'])), ['ip_vs', 'ip_vs_rr', 'xt_ipvs']);
	t.deepEqual(
		names(partsOf(['ip_vs'])).filter(name => base.includes(name)),
		[],
	);
	t.deepEqual(partsOf([]), []);
});

test('nothing that looks can change the machine', t => {
	for (const script of [lookAround(nft), lookForSymbols(nft)]) {
		t.notRegex(script, /modprobe(?!\.d)|insmod|iptables|ipvsadm|ip link|nft /);
	}
});

test("a distribution's kernel: modules, some built in, compressed, written with dashes", t => {
	const [builtin, modules] = [names(nft).slice(0, 4), names(nft).slice(4)];
	const files = {
		[`${tree}/modules.dep`]: listed(modules, '.ko.xz').replaceAll('xt_', 'xt-'),
		[`${tree}/modules.builtin`]: builtin.map(name => `kernel/${name}.ko\n`).join(''),
	};
	t.deepEqual(lackingIn(t, files), []);
});

test('a module is found by the name that it had in older kernels', t => {
	const old = {overlay: 'overlayfs', xt_REDIRECT: 'ipt_REDIRECT', nft_chain_nat: 'nft_chain_nat_ipv4'};
	const files = {
		[`${tree}/modules.dep`]: listed(names(nft).map(name => old[name as keyof typeof old] ?? name)),
		[`${tree}/modules.builtin`]: 'kernel/fs/ext4/ext4.ko\n',
	};
	t.deepEqual(lackingIn(t, files), []);
});

test('what is in none of the lists is lacking, and only that', t => {
	const there = names(nft).filter(name => !['ip_vs', 'vxlan'].includes(name));
	const files = {
		[`${tree}/modules.dep`]: listed(there),
		[`${tree}/modules.builtin`]: 'kernel/fs/ext4/ext4.ko\n',
		// ip_vs_rr is not ip_vs, and geneve is not vxlan.
		'proc/kallsyms': '0000000000000000 T ip_vs_rr_schedule\t[ip_vs_rr]\n0000000000000000 t geneve_xmit\n',
	};
	t.deepEqual(lackingIn(t, files), ['vxlan', 'ip_vs']);
});

test('a kernel without modules is asked for its configuration', t => {
	const config = (features: typeof nft) =>
		gzipSync(`${features.map(({option}) => `CONFIG_${option}=y\n`).join('')}# CONFIG_MODULES is not set\n`);
	t.deepEqual(lackingIn(t, {'proc/config.gz': config(nft)}), []);
	t.deepEqual(lackingIn(t, {'proc/config.gz': config(nft.filter(({module}) => module !== 'xt_ipvs'))}), ['xt_ipvs']);
});

test('a module by its configuration that is nowhere on the disk is lacking', t => {
	const config = nft.map(({option, module}) => `CONFIG_${option}=${module === 'ip_vs' ? 'm' : 'y'}\n`).join('');
	t.deepEqual(lackingIn(t, {'proc/config.gz': gzipSync(config)}), ['ip_vs']);
});

test('a kernel that has neither lists nor its configuration is known by its functions', t => {
	const symbols = (features: typeof nft) =>
		features.map(({symbol}) => `0000000000000000 t ${symbol.split('|').at(-1)}.isra.0\n`).join('');
	t.deepEqual(lackingIn(t, {'proc/kallsyms': symbols(nft)}), []);
	t.deepEqual(lackingIn(t, {'proc/kallsyms': symbols(legacy)}, legacy), []);
	t.deepEqual(lackingIn(t, {'proc/kallsyms': symbols(nft.slice(1))}), ['vxlan']);
	// modules.dep alone does not say what is built in.
	const files = {[`${tree}/modules.dep`]: listed(names(nft.slice(1))), 'proc/kallsyms': symbols(nft.slice(0, 1))};
	t.deepEqual(lackingIn(t, files), []);
});

test('what works is there, whatever is listed; and where nothing can be read, nothing is said to be lacking', t => {
	const files = {
		[`${tree}/modules.builtin`]: 'kernel/fs/ext4/ext4.ko\n',
		[`${tree}/modules.dep`]: listed(names(nft).filter(name => !/^(ip_vs|br_netfilter|overlay|veth)$/.test(name))),
		'proc/net/ip_vs': '',
		'proc/sys/net/bridge/bridge-nf-call-iptables': '1',
		'proc/filesystems': 'nodev\toverlay\n',
		'sys/module/veth/parameters/none': '',
	};
	t.deepEqual(lackingIn(t, files), []);
	t.deepEqual(lackingIn(t, {}), []);
});

test('what a variant withholds is lacking, though its file is named', t => {
	const [first] = nft;
	t.true(isSeen(first!, `file ${first!.module}.ko`));
	t.false(isSeen(first!, `file ${first!.module}.ko\nwithheld ${first!.module}`));
	t.true(isSeen(first!, `file ${first!.module}.ko\nwithheld another`));
});
