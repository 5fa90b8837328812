/** The files by which a node is configured as its variant says. The program `variant/run` reads them on the node. */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {HarnessError, VariantRefused} from '../errors.ts';
import type {NodeSpec, Variant} from '../model/index.ts';
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
export const variantFolder = '/usr/lib/swarmlab/variant';

/** The program of `variantFolder` that configures the node, as words in an inittab: relative to /usr/lib/swarmlab. */
export const variantProgram = 'variant/run';

/** Returns the files for one node. Pure but for reading our own files. */
export function variantFiles(variant: Variant, node: {name: string; address: string}): GuestFile[] {
	const {daemon, sysctl = {}, modules, iptables, files = {}, before} = variant;
	const paths = Object.keys(files);
	const settings = Object.entries(sysctl).map(([key, value]) => `${settingPath(key)} ${value}`);
	return [
		data('node', [`SWARMLAB_NODE=${node.name}`, `SWARMLAB_ADDRESS=${node.address}`]),
		...(daemon ? [data('daemon.json', [JSON.stringify({...ownDaemon(), ...daemon}, undefined, '\t')])] : []),
		...(settings.length > 0 ? [data('sysctl', settings)] : []),
		...(modules ? [data('withheld', modules.withhold.map(withheldLine))] : []),
		...(iptables ? [data('iptables', [iptables])] : []),
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

/**
 * Returns why a node with a variant gave up, from its console: VariantRefused if its kernel or its engine refuses the variant,
 * HarnessError if the variant itself is wrong; undefined if it gave up for another reason.
 */
export function variantTrouble(
	console: string,
	{name, variant, engine}: Pick<NodeSpec, 'name' | 'variant' | 'engine'>,
): Error | undefined {
	const [, said] =
		/swarmlab: FATAL: ((?:variant|dockerd did not start)[\s\S]*?)(?=\n[^\n]*swarmlab: |$)/.exec(console) ?? [];
	if (variant === undefined || said === undefined) {
		return undefined;
	}

	const about = `the variant ${variant.id}`;
	const [, what, why = ''] = /^variant (refused|failed): (.*)/.exec(said) ?? [];
	if (what === 'failed') {
		return new HarnessError(`${name}: ${about}: ${why}`, {
			remedy: `Correct ${about}: docs/variants.md. The whole output is on the console of ${name}.`,
		});
	}

	return new VariantRefused(
		what === 'refused'
			? `${name}: ${about}: ${why}`
			: `${name}: Docker ${engine.version} does not start with ${about}: ${lastWords(said)}`,
		variant.ifRefused,
	);
}

/** Returns the line by which an engine says why it gives up. Its log has time stamps, and a kernel's lines have brackets. */
function lastWords(said: string): string {
	const lines = said
		.replace(/^dockerd did not start: ?/, '')
		.split('\n')
		.map(line => line.trim())
		.filter(line => line !== '');
	return lines.findLast(line => !/^(time="|\[\s*\d|INFO\[)/.test(line)) ?? lines.at(-1) ?? 'it said nothing';
}
