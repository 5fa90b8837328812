/**
 * Checks whether a kernel has what swarm needs. The check only reads and loads no module: a module that we loaded would be
 * there for the engine too, and would hide a fault that appears only if the engine has to load it.
 */
import type {Machine} from '../machine/index.ts';

/** A part of the kernel, and the engines or packet filters that need it. */
export interface Feature {
	/** The module's name. */
	module: string;
	/** The option of the kernel's configuration, without CONFIG_. */
	option: string;
	/** Beginnings of names of functions that only a kernel with this part has; separated by `|`. */
	symbol: string;
	/** The module's name in older kernels. */
	formerly?: string;
	/** First engine version that needs it. */
	from?: string;
	/** Flavour of the iptables command that needs it; both by default. */
	filter?: 'legacy' | 'nf_tables';
	/** Only claims about this feature need the part. The engine and overlays work without it. */
	partOf?: KernelFeature;
}

/** What claims may need of a kernel beyond what every swarm does. `ip_vs`: virtual addresses and the routing mesh. */
export const kernelFeatures = ['ip_vs'] as const;

export type KernelFeature = (typeof kernelFeatures)[number];

/** From contrib/check-config.sh of moby, and what libnetwork uses in addition. */
const features: Feature[] = [
	{module: 'vxlan', option: 'VXLAN', symbol: 'vxlan_xmit'},
	{module: 'bridge', option: 'BRIDGE', symbol: 'br_dev_xmit'},
	{module: 'veth', option: 'VETH', symbol: 'veth_xmit'},
	{module: 'br_netfilter', option: 'BRIDGE_NETFILTER', symbol: 'br_nf_pre_routing'},
	{module: 'overlay', formerly: 'overlayfs', option: 'OVERLAY_FS', symbol: 'ovl_lookup'},
	{module: 'ip_vs', option: 'IP_VS', symbol: 'ip_vs_conn_new', partOf: 'ip_vs'},
	{module: 'ip_vs_rr', option: 'IP_VS_RR', symbol: 'ip_vs_rr_', partOf: 'ip_vs'},
	{module: 'xt_ipvs', option: 'NETFILTER_XT_MATCH_IPVS', symbol: 'ipvs_mt', partOf: 'ip_vs'},
	{module: 'xt_mark', option: 'NETFILTER_XT_MARK', symbol: 'mark_mt|mark_tg'},
	{module: 'nf_nat', option: 'NF_NAT', symbol: 'nf_nat_setup_info'},
	{module: 'nf_conntrack', option: 'NF_CONNTRACK', symbol: 'nf_conntrack_in'},
	{module: 'nf_conntrack_netlink', option: 'NF_CT_NETLINK', symbol: 'ctnetlink_dump_table'},
	{module: 'xt_conntrack', option: 'NETFILTER_XT_MATCH_CONNTRACK', symbol: 'conntrack_mt'},
	{module: 'xt_addrtype', option: 'NETFILTER_XT_MATCH_ADDRTYPE', symbol: 'addrtype_mt'},
	{module: 'xt_nat', option: 'NETFILTER_XT_NAT', symbol: 'xt_dnat_target'},
	{module: 'xt_REDIRECT', formerly: 'ipt_REDIRECT', option: 'NETFILTER_XT_TARGET_REDIRECT', symbol: 'redirect_tg'},
	{module: 'iptable_nat', option: 'IP_NF_NAT', symbol: 'iptable_nat_', filter: 'legacy'},
	{module: 'iptable_filter', option: 'IP_NF_FILTER', symbol: 'iptable_filter_', filter: 'legacy'},
	{module: 'iptable_mangle', option: 'IP_NF_MANGLE', symbol: 'iptable_mangle_', filter: 'legacy'},
	{module: 'iptable_raw', option: 'IP_NF_RAW', symbol: 'iptable_raw_', filter: 'legacy', from: '28.0'},
	{module: 'nf_tables', option: 'NF_TABLES', symbol: 'nf_tables_newtable', filter: 'nf_tables'},
	{module: 'nft_compat', option: 'NFT_COMPAT', symbol: 'nft_match_select_ops', filter: 'nf_tables'},
	// It has no option of its own: it comes with both of these.
	{
		module: 'nft_chain_nat',
		formerly: 'nft_chain_nat_ipv4',
		option: 'NFT_NAT',
		symbol: 'nft_nat_do_chain',
		filter: 'nf_tables',
	},
];

/**
 * Returns what every swarm needs with an engine and this iptables command; `iptables` is what its --version prints. What only
 * some claims need is in `partsOf`.
 */
export function featuresOf(engineVersion: string, iptables: string): Feature[] {
	// Before 1.8, iptables had only one flavour and printed no brackets.
	const flavour = iptables.includes('nf_tables') ? 'nf_tables' : 'legacy';
	return features
		.filter(({partOf}) => partOf === undefined)
		.filter(({filter}) => !filter || filter === flavour)
		.filter(({from}) => !from || compareVersions(engineVersion, from) >= 0);
}

/** Returns the parts of the kernel that these features consist of. */
export function partsOf(wanted: readonly KernelFeature[]): Feature[] {
	return features.filter(({partOf}) => partOf !== undefined && wanted.includes(partOf));
}

/**
 * Returns the modules of those features that a machine's kernel does not have. The symbols of the running kernel decide.
 * Reading them takes a second under emulation, so they are read only for what was found nowhere else. If they cannot be read
 * and nothing lists what is built in, it returns none.
 */
export async function lookForLacking(machine: Machine, wanted: readonly Feature[]): Promise<string[]> {
	const seen = await machine.run(['sh', '-c', lookAround(wanted)]);
	const missing = wanted.filter(feature => !isSeen(feature, seen));
	if (missing.length === 0) {
		return [];
	}

	const symbols = await machine.run(['sh', '-c', lookForSymbols(missing)]);
	return lackingOf(missing, seen, symbols);
}

/** Returns the shell script of the first check; `isSeen` reads its output. With `root`, it checks a kernel below that folder. */
export function lookAround(wanted: readonly Feature[], root = ''): string {
	const modules = wanted.flatMap(namesOf);
	const names = modules.map(name => name.replaceAll('_', '[-_]')).join('|');
	const options = wanted.map(({option}) => option).join('|');
	return [
		`tree=${root}/lib/modules/$(uname -r)`,
		// Modules with their dependencies, and what is built in. A kernel without modules may have neither file.
		`grep -hoE '(^|/)(${names})\\.ko' $tree/modules.dep 2> /dev/null | sed 's/^\\/*/file /'`,
		`grep -hoE '(^|/)(${names})\\.ko' $tree/modules.builtin 2> /dev/null | sed 's/^\\/*/file /'`,
		`if [ -s $tree/modules.builtin ]; then echo knows; fi`,
		// Loaded, or built in and with parameters.
		`for name in ${modules.join(' ')}; do if [ -e ${root}/sys/module/$name ]; then echo "file $name.ko"; fi; done`,
		`if [ -e ${root}/proc/config.gz ]; then echo knows; zcat ${root}/proc/config.gz | grep -E '^CONFIG_(${options})=y' | sed 's/=y//; s/CONFIG_/option /'; fi`,
		// What a variant withholds is not to be had, though its name is still in the lists.
		`sed -n 's|^install \\([a-zA-Z0-9_]*\\) /bin/false$|withheld \\1|p' ${root}/etc/modprobe.d/*.conf 2> /dev/null`,
		// The thing itself.
		`if [ -e ${root}/proc/net/ip_vs ]; then echo 'file ip_vs.ko'; fi`,
		`if [ -e ${root}/proc/sys/net/bridge ]; then echo 'file br_netfilter.ko'; fi`,
		`if grep -sqw overlay ${root}/proc/filesystems; then echo 'file overlay.ko'; fi`,
		'true',
	].join('\n');
}

/** Returns the script of the second check, for what the first missed: functions of the running kernel. `lackingOf` reads it. */
export function lookForSymbols(missing: readonly Feature[], root = ''): string {
	const table = `${root}/proc/kallsyms`;
	const pattern = missing.map(({symbol}) => symbol).join('|');
	return `if [ -n "$(head -c 1 ${table} 2> /dev/null)" ]; then echo knows; grep -oE ' [a-zA-Z] (${pattern})' ${table}; fi; true`;
}

/** Returns the modules that neither check found; none if neither could have found them. */
export function lackingOf(missing: readonly Feature[], seen: string, symbols: string): string[] {
	const knows = /^knows$/m.test(`${seen}\n${symbols}`);
	const lacking = missing.filter(({symbol}) => !new RegExp(`^ \\w (?:${symbol})`, 'm').test(symbols));
	return knows ? lacking.map(({module}) => module) : [];
}

/** Returns whether the first check found the feature: as a file, built in, at work, or in the running kernel's configuration. */
export function isSeen(feature: Feature, seen: string): boolean {
	const lines = seen.split('\n').map(line => line.replaceAll('-', '_'));
	const wanted = [...namesOf(feature).map(name => `file ${name}.ko`), `option ${feature.option}`];
	return !lines.includes(`withheld ${feature.module}`) && wanted.some(line => lines.includes(line));
}

function namesOf({module, formerly}: Feature): string[] {
	return formerly ? [module, formerly] : [module];
}

function compareVersions(a: string, b: string): number {
	return a.localeCompare(b, 'en', {numeric: true});
}
