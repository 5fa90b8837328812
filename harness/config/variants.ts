/** What a variant must not say, because the lab itself needs it or because it could not have an effect. Pure. */
import {UsageError} from '../errors.ts';
import {noVariant, type Variant} from '../model/index.ts';
import {nearest} from '../nearest.ts';

/** Keys of daemon.json that the lab needs as they are, each with the reason. */
const reservedDaemonKeys: Record<string, string> = {
	hosts: 'the lab reaches the engine by its usual socket',
	'data-root': "the service images are in the engine's usual folder",
	graph: "the service images are in the engine's usual folder",
	pidfile: 'the lab finds the engine by its usual file',
	'exec-root': 'the lab looks for namespaces in the usual folder',
	containerd: 'the lab starts containerd itself',
};

/** The lab waits for a line of this level in the engine's log. */
const logLevels = ['debug', 'info'];

/** Folders that are mounted while a node starts, so that files in them would be hidden or lost. */
const mountedFolders = ['/proc', '/sys', '/dev', '/run', '/var/run', '/tmp', '/lib/modules', '/var/lib/docker'];

/** Files that the lab writes on each node, each with what to use instead. */
const reservedFiles: Record<string, string> = {
	'/etc/docker/daemon.json': "use the field 'daemon'",
	'/etc/inittab': "use the field 'before'",
	'/etc/hostname': 'the name of a node is its own',
	'/etc/hosts': "append to it in 'before.init'",
	'/etc/machine-id': 'the id of a node is its own',
};

const reservedFolders: Record<string, string> = {
	'/usr/lib/swarmlab': 'these are the programs of the lab',
	'/root/.ssh': 'the lab logs in by these',
	'/etc/ssh': 'the lab logs in by these',
};

/** Words of the kernel's command line that the lab needs as they are. */
const reservedArgs = /^(swarmlab\.|console=|root=|rootfstype=|init=|rdinit=|initrd=|panic=|net\.ifnames=|rw$|ro$)/;

/**
 * Characters of the kernel's command line that a variant may take. x86 has 2048 (COMMAND_LINE_SIZE), of which the lab needs some
 * 500.
 */
const mostArgs = 1024;

/** Returns a sentence for each part of the variants that is not valid though it has the right form. */
export function variantProblems(
	variants: readonly Variant[],
	where = (index: number) => `variants[${index}]`,
): string[] {
	return variants.flatMap((variant, index) => [
		...(variants.findIndex(({id}) => id === variant.id) < index
			? [`${where(index)}.id: '${variant.id}' is the id of another variant, too. Give each its own.`]
			: []),
		...problemsOf(variant).map(problem => `${where(index)}.${problem}`),
	]);
}

function problemsOf(variant: Variant): string[] {
	const {id, daemon = {}, sysctl = {}, kernelArgs = [], files = {}, ...rest} = variant;
	if (id === noVariant) {
		const more = Object.keys({...variant, id: undefined}).filter(key => key !== 'id');
		return more.length > 0
			? [`id: '${noVariant}' is a node without a variant, so it has no ${more.join(', ')}. Choose another id.`]
			: [];
	}

	const isEmpty = [daemon, sysctl, files, kernelArgs].every(each => Object.keys(each).length === 0);
	return [
		...(isEmpty && Object.keys(rest).length === 0
			? [`id: '${id}' changes nothing. Say what it changes, or use '${noVariant}'.`]
			: []),
		...daemonProblems(daemon),
		...Object.keys(sysctl).flatMap(key =>
			isSysctl(key)
				? []
				: [
						`sysctl.${key}: it is not the name of a setting. Valid: names such as net.ipv4.ip_forward, with / for a dot inside of a name.`,
					],
		),
		...kernelArgs.flatMap(word =>
			reservedArgs.test(word) ? [`kernelArgs: the lab needs '${word.split('=')[0]}' as it is. Leave it out.`] : [],
		),
		...(kernelArgs.join(' ').length > mostArgs
			? [`kernelArgs: they have ${kernelArgs.join(' ').length} characters. Valid: at most ${mostArgs}.`]
			: []),
		...Object.keys(files).flatMap(file => {
			const why = whyNot(file);
			return why === undefined ? [] : [`files.${file}: ${why}.`];
		}),
	];
}

function daemonProblems(daemon: Record<string, unknown>): string[] {
	const level = daemon['log-level'];
	return [
		...Object.keys(daemon).flatMap(key =>
			Object.hasOwn(reservedDaemonKeys, key) ? [`daemon.${key}: ${reservedDaemonKeys[key]}. Leave it out.`] : [],
		),
		...(level === undefined || logLevels.includes(String(level))
			? []
			: [
					`daemon.log-level: '${String(level)}' hides the line by which the lab sees that the engine is up. Valid: ${logLevels.join(', ')}.`,
				]),
	];
}

function isSysctl(key: string): boolean {
	return /^[\w-]+([./][\w.*:-]+)+$/.test(key) && !key.split(/[./]/).includes('') && !key.includes('..');
}

/** Returns why a file cannot be given, and what to do; undefined if it can. */
function whyNot(file: string): string | undefined {
	if (!file.startsWith('/') || file.endsWith('/') || file.split('/').some(part => part === '..' || part === '.')) {
		return 'it is not the absolute path of a file. Write one, such as /etc/resolv.conf';
	}

	const plain = file.replaceAll(/\/+/g, '/');
	const within = (folder: string) => plain === folder || plain.startsWith(`${folder}/`);
	const mounted = mountedFolders.find(within);
	if (mounted !== undefined) {
		return `${mounted} is mounted while a node starts, which would hide the file. Write it by a command in 'before.engine'`;
	}

	const folder = Object.keys(reservedFolders).find(within);
	const reason = folder === undefined ? reservedFiles[plain] : reservedFolders[folder];
	return reason === undefined ? undefined : `the lab writes it: ${reason}`;
}

/**
 * Returns the variant that uses of `--daemon key=value` mean: dots lead to keys of keys, and a value that is JSON is that.
 * `--daemon mtu=1400 --daemon log-opts.max-size=10m` is `{mtu: 1400, 'log-opts': {'max-size': '10m'}}`. Its id is made of them.
 * @throws UsageError
 */
export function variantOfDaemon(assignments: readonly string[]): Variant {
	const daemon: Record<string, unknown> = {};
	for (const text of assignments) {
		const [, key, value] = /^\s*([\w-]+(?:\.[\w-]+)*)\s*=(.*)$/s.exec(text) ?? [];
		if (key === undefined || value === undefined) {
			throw new UsageError(`--daemon: '${text}' is not a key with a value.`, {
				remedy: 'Write key=value, such as --daemon mtu=1400 or --daemon log-opts.max-size=10m',
			});
		}

		put(daemon, key.split('.'), parsed(value), text);
	}

	const variant = {id: idOf(assignments), daemon};
	const [problem] = variantProblems([variant], () => '--daemon').map(each =>
		each.replace('--daemon.daemon.', '--daemon '),
	);
	if (problem !== undefined) {
		throw new UsageError(problem, {remedy: 'docs/variants.md has what a variant can change.'});
	}

	return variant;
}

function put(
	into: Record<string, unknown>,
	[first = '', ...rest]: readonly string[],
	value: unknown,
	text: string,
): void {
	const there = Object.hasOwn(into, first) ? into[first] : undefined;
	if (rest.length === 0 ? there !== undefined : there !== undefined && !isTable(there)) {
		throw new UsageError(`--daemon ${text}: '${first}' has another value already.`, {remedy: 'Give each key once.'});
	}

	if (rest.length === 0) {
		into[first] = value;
		return;
	}

	const table = isTable(there) ? there : {};
	into[first] = table;
	put(table, rest, value, text);
}

function isTable(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text.trim();
	}
}

/** Characters of an id: it becomes part of the id of a cell, and of names of files. */
const longestId = 40;

function idOf(assignments: readonly string[]): string {
	const words = assignments.map(text =>
		text
			.toLowerCase()
			.replaceAll(/[^a-z\d.]+/g, '-')
			.replaceAll(/^[-.]+|[-.]+$/g, ''),
	);
	return (
		words
			.join('-')
			.slice(0, longestId)
			.replace(/[-.]+$/, '') || 'daemon'
	);
}

/**
 * Finds variants by their ids; `none` is always there.
 * @throws UsageError with the nearest ids
 */
export function findVariant(id: string, variants: readonly Variant[]): Variant {
	const found = id === noVariant ? {id} : variants.find(each => each.id === id);
	if (found) {
		return found;
	}

	const ids = [...variants.map(each => each.id), noVariant];
	const [near] = nearest(id, ids, 1);
	throw new UsageError(
		`--variant: there is no variant '${id}'.${near ? ` Did you mean '${near}'?` : ''} There are: ${[...new Set(ids)].join(', ')}.`,
		{remedy: "Variants are given in the config, by its field 'variants': docs/variants.md"},
	);
}
