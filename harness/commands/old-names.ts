/** Accepts options by their names of earlier versions, until the next release: see harness/old-names.ts. */
import {type Command, Option} from 'commander';
import {oldNames, oldNameWarnings} from '../old-names.ts';
import {print} from './command.ts';

/**
 * Adds the old options of `run`, which the help does not show. Before the action each is replaced by the new one, with a
 * warning.
 */
export function addOldOptions(command: Command, report = print): Command {
	const rows = Object.entries(oldNames.options).map(([old, now]) => ({old: new Option(old).hideHelp(), now}));
	for (const {old} of rows) {
		command.addOption(old);
	}

	return command.hook('preAction', () => {
		for (const {old, now} of rows) {
			const value: unknown = command.getOptionValue(old.attributeName());
			if (value === !old.negate) {
				warn(old.flags, now, report);
				const option = new Option(now).attributeName();
				// If the new option was typed, too, its value counts.
				command.setOptionValue(option, command.getOptionValue(option) ?? value);
			}
		}
	});
}

/** Replaces old names of artifact kinds by the new ones, with a warning for each. */
export function withNewKinds(kinds: readonly string[] | undefined, report = print): string[] | undefined {
	return kinds?.map(kind => {
		const now = Object.hasOwn(oldNames.kinds, kind) ? oldNames.kinds[kind as keyof typeof oldNames.kinds] : undefined;
		if (now !== undefined) {
			warn(`--kind ${kind}`, `--kind ${now}`, report);
		}

		return now ?? kind;
	});
}

function warn(old: string, now: string, report: (line: string) => void): void {
	for (const warning of oldNameWarnings([{old, now}])) {
		report(`warning: ${warning}`);
	}
}
