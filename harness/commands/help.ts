/** `swarmlab help`: of all commands, or of one. */
import type {Register} from './command.ts';
import {unknownCommand} from './unknown-command.ts';

export const registerHelp: Register = program => {
	program
		.command('help')
		.summary('show the help of a command')
		.description('Shows the help of a command, or of all of them.')
		.argument('[command...]', 'the command; what comes after it, as `build` of `box build`, is in its help')
		.action(([name]: string[]) => {
			const command = name === undefined ? program : program.commands.find(each => each.name() === name);
			if (!command) {
				throw unknownCommand(name!, program);
			}

			command.help();
		});
};
