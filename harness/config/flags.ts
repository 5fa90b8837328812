/** Options of the command line that override fields of the config, one row each. Pure. */
import type {Config, MixConfig} from './types.ts';

/** These options as commander passes them: numbers are text, as typed. */
export interface Flags {
	kernel?: (string | MixConfig)[];
	docker?: (string | MixConfig)[];
	upgrade?: string[];
	stack?: string[];
	managers?: string;
	workers?: string;
	outsiders?: string;
	memory?: string;
	cpus?: string;
	plain?: boolean;
	provider?: string[];
	exclude?: string[];
	repeat?: string;
	seed?: string;
	jobs?: string;
	mirror?: string;
	securityMirror?: string;
	suites?: string[];
	allowExpired?: boolean;
}

/** Key path in the config -> option of the command line, for errors that name what was typed. */
const optionOf: [RegExp, string][] = [
	[/^kernels/, '--kernel'],
	[/^engines/, '--docker'],
	[/^upgrade/, '--upgrade'],
	[/^stacks/, '--stack'],
	[/^topologies\[0\]\.managers/, '--managers'],
	[/^topologies\[0\]\.workers/, '--workers'],
	[/^topologies\[0\]\.outsiders/, '--outsiders'],
	[/^machine\.memory/, '--memory'],
	[/^machine\.cpus/, '--cpus'],
	[/^plain/, '--plain'],
	[/^providers/, '--provider'],
	[/^exclude/, '--exclude'],
	[/^repeat/, '--repeat'],
	[/^seed/, '--seed'],
	[/^jobs/, '--jobs'],
	[/^packages\.mirror/, '--mirror'],
	[/^packages\.securityMirror/, '--security-mirror'],
	[/^packages\.suites/, '--suites'],
];

/**
 * Returns the option for a key path: `topologies[0].managers` -> `--managers`. A key without an option is returned as it is.
 */
export function optionName(key: string): string {
	return optionOf.find(([pattern]) => pattern.test(key))?.[1] ?? key;
}

/**
 * Converts the options to a part of a config, not validated yet. Text that is not a number stays text, so that one validator
 * explains both the file and the options.
 */
export function configOfFlags(flags: Flags, config: Config): object {
	const first = config.topologies?.[0];
	const counts = defined({
		managers: number(flags.managers),
		workers: number(flags.workers),
		outsiders: number(flags.outsiders),
	});
	const topology = isEmpty(counts) ? undefined : [{...first, ...counts}];
	const machine = defined({memory: number(flags.memory), cpus: number(flags.cpus)});
	const packages = defined({
		mirror: flags.mirror,
		securityMirror: flags.securityMirror,
		suites: flags.suites,
		allowExpired: flags.allowExpired,
	});
	return defined({
		kernels: flags.kernel,
		engines: flags.docker,
		upgrade: flags.upgrade,
		stacks: flags.stack,
		topologies: topology,
		machine: isEmpty(machine) ? undefined : machine,
		plain: flags.plain,
		providers: flags.provider,
		exclude: flags.exclude,
		repeat: number(flags.repeat),
		seed: number(flags.seed),
		jobs: number(flags.jobs),
		packages: isEmpty(packages) ? undefined : packages,
	});
}

function number(text: string | undefined): number | string | undefined {
	return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function defined(object: object): object {
	return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function isEmpty(object: object): boolean {
	return Object.keys(object).length === 0;
}
