/** The files by which a node is configured as its variant says. The program `variant/run` reads them on the node. */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import type {Variant} from '../model/index.ts';
import {guestFolder} from './guest-files.ts';

/** A file of a node. */
export interface GuestFile {
	/** Absolute. */
	path: string;
	content: string;
	/** Permissions, as in chmod(2). */
	mode: number;
}

/** Folder of these files on a node. */
const variantFolder = '/usr/lib/swarmlab/variant';

/** The program of `variantFolder` that configures the node, as words in an inittab: relative to /usr/lib/swarmlab. */
export const variantProgram = 'variant/run';

/** Returns the files for one node. Pure but for reading our own files. */
export function variantFiles(variant: Variant, node: {name: string; address: string}): GuestFile[] {
	const {daemon, sysctl = {}, modules, iptables, files = {}, before, addresses} = variant;
	const paths = Object.keys(files);
	const settings = Object.entries(sysctl).map(([key, value]) => `${settingPath(key)} ${value}`);
	return [
		data('node', [`SWARMLAB_NODE=${node.name}`, `SWARMLAB_ADDRESS=${node.address}`]),
		...(daemon ? [data('daemon.json', [JSON.stringify({...ownDaemon(), ...daemon}, undefined, '\t')])] : []),
		...(settings.length > 0 ? [data('sysctl', settings)] : []),
		...(modules ? [data('withheld', modules.withhold.map(withheldLine))] : []),
		...(iptables ? [data('iptables', [iptables])] : []),
		...(addresses
			? [
					data(
						'addresses',
						addresses.map(each => each.replace('{n}', numberOf(node))),
					),
				]
			: []),
		...(paths.length > 0
			? [
					data(
						'files',
						paths.map((each, index) => `${index} ${each}`),
					),
				]
			: []),
		...paths.map((each, index) => ({path: `${variantFolder}/copies/${index}`, content: files[each]!, mode: 0o644})),
		...(before?.engine ?? []).map((command, index) => data(`before/${String(index).padStart(3, '0')}`, [command])),
		{
			path: `${variantFolder}/run`,
			content: readFileSync(path.join(import.meta.dirname, 'variant', 'run'), 'utf8'),
			mode: 0o755,
		},
	];
}

/** Returns the number of a node: the last part of its address on the LAN. */
function numberOf({address}: {address: string}): string {
	return address.split('.').at(-1) ?? '';
}

function data(name: string, lines: readonly string[]): GuestFile {
	return {path: `${variantFolder}/${name}`, content: `${lines.join('\n')}\n`, mode: 0o644};
}

/** What the daemon.json of every node has. The keys of a variant replace these. */
function ownDaemon(): Record<string, unknown> {
	return JSON.parse(readFileSync(path.join(guestFolder, 'daemon.json'), 'utf8')) as Record<string, unknown>;
}

/** `net.ipv4.ip_forward` -> `net/ipv4/ip_forward`; a name with slashes may have dots in its parts (sysctl(8)). */
function settingPath(key: string): string {
	return key.includes('/') ? key : key.replaceAll('.', '/');
}

/** `nf-conntrack` -> `nf_conntrack nf[-_]conntrack`: names of modules have underscores, names of their files may have dashes. */
function withheldLine(module: string): string {
	const name = module.replaceAll('-', '_');
	return `${name} ${name.replaceAll('_', '[-_]')}`;
}

/** Returns the inittab of a machine whose engine starts after its variant was applied. */
export function variantInittab(): GuestFile {
	const own = readFileSync(path.join(guestFolder, 'inittab'), 'utf8');
	const content = own.replace(/^(::once:\/usr\/lib\/swarmlab\/)(start)$/m, `$1${variantProgram} $2`);
	return {path: '/etc/inittab', content, mode: 0o644};
}
