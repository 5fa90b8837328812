/** Is it the kernel and the engine that were asked for, and can they do what swarm needs at all? */
import {NotApplicable} from '../errors.ts';
import type {Machine} from '../machine/index.ts';
import type {Engine, Kernel} from '../model.ts';

/** A kernel module, and for which engines or packet filters it is needed. */
interface Need {
	module: string;
	/** First engine version that needs it. */
	from?: string;
	/** Flavour of the iptables command that needs it; without it, both. */
	filter?: 'legacy' | 'nf_tables';
}

/** After moby's contrib/check-config.sh and what libnetwork uses beyond it. */
const needs: Need[] = [
	{module: 'vxlan'},
	{module: 'bridge'},
	{module: 'veth'},
	{module: 'br_netfilter'},
	{module: 'overlay'},
	{module: 'ip_vs'},
	{module: 'ip_vs_rr'},
	{module: 'xt_ipvs'},
	{module: 'xt_mark'},
	{module: 'nf_nat'},
	{module: 'nf_conntrack'},
	{module: 'nf_conntrack_netlink'},
	{module: 'xt_conntrack'},
	{module: 'xt_addrtype'},
	{module: 'xt_nat'},
	{module: 'xt_REDIRECT'},
	{module: 'iptable_nat', filter: 'legacy'},
	{module: 'iptable_filter', filter: 'legacy'},
	{module: 'iptable_mangle', filter: 'legacy'},
	{module: 'iptable_raw', filter: 'legacy', from: '28.0'},
	{module: 'nf_tables', filter: 'nf_tables'},
	{module: 'nft_compat', filter: 'nf_tables'},
	{module: 'nft_chain_nat', filter: 'nf_tables'},
];

/**
 * Checks one machine of a cell.
 * Throws MachineError when it is not what was asked for (ours), NotApplicable when the kernel lacks what swarm needs,
 * with modprobe's own words.
 */
export async function preflight(machine: Machine, kernel: Kernel, engine: Engine): Promise<void> {
	const [identity, version] = await Promise.all([
		machine.run('uname -r; iptables --version'),
		machine.ask('version', docker => docker.version()),
	]);
	const [release = '', iptables = ''] = identity.split('\n');
	if (release !== kernel.release) {
		throw machine.trouble(`runs kernel ${release} and not ${kernel.release}`);
	}

	if (!isVersion(version.Version, engine.version)) {
		throw machine.trouble(`runs Docker ${version.Version} and not ${engine.version}`);
	}

	const modules = neededModules(engine.version, iptables);
	// All in one call: each process costs tens of milliseconds under emulation.
	const {exitCode, stdout, stderr} = await machine.exec(['modprobe', '-a', ...modules]);
	if (exitCode !== 0) {
		const lacking = lackingModules(stderr, modules);
		throw new NotApplicable(
			`kernel ${kernel.release} lacks ${lacking.join(', ') || 'a module'} for Docker ${engine.version}: modprobe said ${`${stderr}\n${stdout}`.trim()}`,
		);
	}
}

/** The modules that an engine needs with this iptables command; `iptables` is what its --version prints. */
export function neededModules(engineVersion: string, iptables: string): string[] {
	// Before 1.8 there was only one flavour and nothing in brackets.
	const filter = iptables.includes('nf_tables') ? 'nf_tables' : 'legacy';
	return needs
		.filter(need => !need.filter || need.filter === filter)
		.filter(need => !need.from || compareVersions(engineVersion, need.from) >= 0)
		.map(need => need.module);
}

/** `20.10.24+dfsg1` is version `20.10.24`. */
export function isVersion(printed: string, asked: string): boolean {
	return printed === asked || (printed.startsWith(asked) && !/[\d.]/.test(printed[asked.length] ?? ''));
}

/** Those that modprobe names in its complaint. */
export function lackingModules(complaint: string, modules: readonly string[]): string[] {
	return modules.filter(module => new RegExp(String.raw`\b${module.replaceAll('_', '[_-]')}\b`).test(complaint));
}

function compareVersions(a: string, b: string): number {
	return a.localeCompare(b, 'en', {numeric: true});
}
