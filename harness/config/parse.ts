/** Converts the export of a config file and the options of the command line to Settings. Pure. */
import {helpOf} from '../called.ts';
import {listed, UsageError} from '../errors.ts';
import {configOfFlags, type Flags, optionName} from './flags.ts';
import {foreignObjects, problemsOf} from './problems.ts';
import {schema} from './schema.ts';
import type {Config, Settings} from './types.ts';
import {variantProblems} from './variants.ts';

/** Returns all problems of a config; an empty list if it is valid. */
export function checkConfig(input: unknown, name?: (key: string) => string): string[] {
	const result = schema.safeParse(input);
	return result.success
		? [...foreignObjects(schema, input), ...variantProblems(result.data.variants)]
		: problemsOf(schema, input, result.error.issues, name);
}

/** A checked config file: its valid fields, or its problems. */
export type ParsedConfig = {config: Config} | {problems: string[]};

/** Checks what a config file exports. */
function readInput(input: unknown): ParsedConfig {
	const problems = checkConfig(input);
	return problems.length > 0 ? {problems} : {config: input as Config};
}

/**
 * Merges file and options: the options override the file, field by field, and the defaults fill in the rest.
 * @param where the file's name in errors.
 * @throws UsageError with every problem of the file and of the options, one a line.
 */
export function parseConfig(input: unknown, where = 'the config', flags: Flags = {}): Settings {
	return settingsOf(readInput(input), where, flags);
}

/** Does the same for a config file that was read already. */
export function settingsOf(read: ParsedConfig, where: string, flags: Flags): Settings {
	const inFile = 'problems' in read ? read.problems : [];
	const config = 'config' in read ? read.config : {};
	const asked = configOfFlags(flags, config) as Config;
	const inFlags = checkConfig(asked, optionName);
	if (inFile.length + inFlags.length > 0) {
		// A single problem of an option needs no heading.
		const heading = inFile.length > 0 || new Set(inFlags).size > 1 ? 'the command line is not valid:' : undefined;
		const texts = [
			...(inFile.length > 0 ? [listed(inFile, `${where} is not valid:`)] : []),
			...(inFlags.length > 0 ? [listed(inFlags, heading)] : []),
		];
		const remedies = [
			...(inFile.length > 0 ? ['Every field is described in docs/configuration.md.'] : []),
			...(inFlags.length > 0 ? [`See ${helpOf()}`] : []),
		];
		throw new UsageError(texts.join('\n'), {remedy: remedies.join('\n    ')});
	}

	return schema.parse({
		...config,
		...asked,
		machine: {...config.machine, ...asked.machine},
		packages: {...config.packages, ...asked.packages},
	});
}
