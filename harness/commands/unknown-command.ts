/** The error for an unknown command, with the command that was probably meant. */
import {type Command, CommanderError} from 'commander';
import {nearest} from '../nearest.ts';

/**
 * Names that other programs have for what our commands do. The error only names our command and never runs it: `destroy` may
 * do more elsewhere.
 */
const elsewhere: Record<string, string> = {
	cells: 'plan',
	clean: 'gc',
	cleanup: 'gc',
	converge: 'up',
	create: 'up',
	destroy: 'down',
	halt: 'down',
	install: 'doctor --fix',
	list: 'status',
	scp: 'cp',
	upload: 'cp',
	download: 'cp',
	login: 'ssh',
	ls: 'status',
	prune: 'images prune',
	ps: 'status',
	setup: 'doctor --fix',
	shell: 'ssh',
	'show-report': 'show',
	start: 'run',
	stop: 'down',
	test: 'run',
	validate: 'plan',
	verify: 'run',
	version: '--version',
};

/** Returns the error: with our command for a name of other programs, or the nearest of our commands. */
export function unknownCommand(name: string, program: Command): CommanderError {
	const known = Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
	const names = program.commands.map(each => each.name());
	const meant = known ?? nearest(name, names, 1)[0];
	const rest = meant ? `(Did you mean ${meant}?)` : `The commands are: ${names.join(', ')}.`;
	return new CommanderError(1, 'commander.unknownCommand', `error: unknown command '${name}'\n${rest}`);
}
