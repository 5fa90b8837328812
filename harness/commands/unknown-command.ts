/** A command that there is not, and the one that was probably meant. */
import {type Command, CommanderError} from 'commander';
import {nearest} from '../nearest.ts';

/** What other programs call what ours do. They are only named, never run: `destroy` may mean more elsewhere. */
const elsewhere: Record<string, string> = {
	cells: 'plan',
	clean: 'gc',
	cleanup: 'gc',
	converge: 'up',
	create: 'up',
	destroy: 'down',
	halt: 'down',
	install: 'doctor --fix',
	list: 'plan',
	login: 'ssh',
	ls: 'plan',
	prune: 'images prune',
	ps: 'gc --all --dry-run',
	setup: 'doctor --fix',
	shell: 'ssh',
	show: 'report',
	'show-report': 'report',
	start: 'run',
	status: 'gc --all --dry-run',
	stop: 'down',
	test: 'run',
	validate: 'plan',
	verify: 'run',
	version: '--version',
};

/** The error for it: with the command that other programs give this name, or the nearest of ours. */
export function unknownCommand(name: string, program: Command): CommanderError {
	const known = Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
	const names = program.commands.map(each => each.name());
	const meant = known ?? nearest(name, names, 1)[0];
	const rest = meant ? `(Did you mean ${meant}?)` : `The commands are: ${names.join(', ')}.`;
	return new CommanderError(1, 'commander.unknownCommand', `error: unknown command '${name}'\n${rest}`);
}
