/** `swarmlab completion`: makes a shell complete commands, options, kernels, engines, cells, nodes and runs. */
import {Argument, type Command, Option} from 'commander';
import {entry} from '../called.ts';
import {printAnswer, type Register} from './command.ts';
import {completionScript, shells} from './completion-scripts.ts';
import {candidatesOf, wantedAt} from './completion-words.ts';

const examples = `
Examples:
  source <(swarmlab completion bash)        in ~/.bashrc
  source <(swarmlab completion zsh)         in ~/.zshrc, after compinit
  swarmlab completion fish | source         in ~/.config/fish/config.fish

It completes the name swarmlab. Where that is not on PATH, make it an alias: alias swarmlab='npx --no swarmlab'.`;

export const registerCompletion: Register = program => {
	program
		.command('completion')
		.summary('print the completion script of a shell')
		.description(
			'Prints a script that makes a shell complete commands and options, and the kernels, engines, cells, nodes and runs of this host. It fetches nothing: kernels and engines are those of the lists that were fetched before.',
		)
		.addArgument(new Argument('[shell]', 'the shell').choices(shells).default('bash'))
		.argument('[words...]', 'of the script: the words that were typed')
		.addOption(new Option('--candidates', 'of the script: print what the last word may be').hideHelp())
		.addHelpText('after', examples)
		.action(async (shell: (typeof shells)[number], _: string[], {candidates}: {candidates?: boolean}) => {
			if (candidates) {
				await printCandidates(program, process.argv.slice(process.argv.indexOf('--') + 1));
			} else {
				printAnswer(completionScript(shell, [process.execPath, entry]));
			}
		});
};

async function printCandidates(program: Command, words: readonly string[]): Promise<void> {
	const wanted = wantedAt(program, words);
	const {liveWords} = await import('./completion-live.ts');
	const found = candidatesOf(wanted, wanted.live ? await liveWords(wanted.live) : []);
	if (found.length > 0) {
		printAnswer(found.join('\n'));
	}
}
