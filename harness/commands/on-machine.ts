/** `swarmlab ssh` and `swarmlab exec`: a machine of a cell that is up. */
import type {MachineHandle} from '../model/index.ts';
import type {Register} from './command.ts';

const cellOption = [
	'--cell <text>',
	'the cell or run that this means, as for `run --cell` (default: the newest that is up)',
] as const;

export const registerSsh: Register = (program, finish) => {
	program
		.command('ssh')
		.summary('open a shell on a machine that is up')
		.description('Opens a shell on a machine of a cell that is up (swarmlab up, swarmlab run --keep).')
		.argument('<node>', 'm1, w1, w2, …')
		.option(...cellOption)
		.addHelpText('after', '\nExample:\n  swarmlab ssh w1')
		.action(async (node: string, {cell}: {cell?: string}) => {
			const {enter} = await import('../machine/enter.ts');
			finish(await enter(await machineNamed(node, cell), undefined, process.stdin.isTTY));
		});
};

export const registerExec: Register = (program, finish) => {
	const exec = program
		.command('exec')
		.summary('run one command on a machine that is up')
		.description('Runs a command on a machine of a cell that is up. Its output and its exit code are the answer.')
		.argument('<node>', 'm1, w1, w2, …')
		.argument('<command...>', 'program and arguments, after --')
		.option(...cellOption)
		.passThroughOptions()
		.addHelpText(
			'after',
			"\nExamples:\n  swarmlab exec m1 -- docker node ls\n  swarmlab exec w1 -- sh -c 'iptables-save | grep DOCKER'",
		)
		.action(async (node: string, typed: string[], flags: {cell?: string}) => {
			if (typed[0] === '-h' || typed[0] === '--help') {
				exec.help();
			}

			const {execWords} = await import('./exec-words.ts');
			// Options of ours that stand after the node are among them.
			const {cell = flags.cell, command} = execWords(typed);
			const {quoteAll} = await import('../machine/quote.ts');
			const {enter} = await import('../machine/enter.ts');
			finish(await enter(await machineNamed(node, cell), quoteAll(command), false));
		});
};

async function machineNamed(node: string, cell: string | undefined): Promise<MachineHandle> {
	const {findMachine, findUp} = await import('../run/by-hand.ts');
	const {matches} = await import('../match.ts');
	return findMachine(findUp(cell, matches), node);
}
