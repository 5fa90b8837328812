/** `swarmlab init`: writes a config, two scenarios and a CI file into the user's folder. Downloads nothing. */
import {providerNames} from '../providers/names.ts';
import type {Register} from './command.ts';
import type {Given} from './init-here.ts';

const examples = `
Examples:
  swarmlab init                                              asks three questions at a terminal
  swarmlab init --provider container --docker 20.10,28.5     asks only for the CI
  swarmlab init my-tests --ci github                         in another folder, which is made`;

export const registerInit: Register = program => {
	program
		.command('init')
		.summary('write a config, a first scenario and a CI file here')
		.description(
			'Writes a config, a scenario that passes, one that fails on purpose, and a CI file. What is there stays as it is. Asks at a terminal for what no option gives; elsewhere it takes nodes of QEMU, the engine of this host, and the CI whose files are there. Downloads nothing.',
		)
		.argument('[folder]', 'where to; the current folder without')
		.option('--provider <name>', `where nodes come from: ${providerNames.join(', ')}`)
		.option('--docker <specs>', 'engines to prove on: default is the one of this host; or versions, such as 20.10,28.5')
		.option('--ci <name>', 'for which CI: github, gitlab, jenkins, none')
		.addHelpText('after', examples)
		.action(async (typed: string | undefined, given: Given) => {
			const {initHere} = await import('./init-here.ts');
			await initHere(typed, given);
		});
};
