/** `swarmlab status`: what is up on this host. */
import {asTyped} from '../called.ts';
import {printAnswer, printJson, type Register} from './command.ts';

const examples = `
Examples:
  swarmlab status          what is up, and how to get at it
  swarmlab status --json   the same, for a program`;

export const registerStatus: Register = program => {
	program
		.command('status')
		.summary('show what is up on this host')
		.description(
			'Shows the cells that are up by `swarmlab up` or `swarmlab run --keep`: since when, what they are made of, their nodes, the faults that are on, the memory and disk that they take, and lines to paste. Runs that are under way are named.',
		)
		.option('--json', 'print JSON')
		.addHelpText('after', examples)
		.action(async ({json}: {json?: boolean}) => {
			const {readStatus, statusLines} = await import('./status-read.ts');
			const status = await readStatus();
			if (json) {
				printJson('status', status);
			} else {
				printAnswer(asTyped(statusLines(status, Date.now()).join('\n')));
			}
		});
};
