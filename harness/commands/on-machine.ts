/** `swarmlab ssh` and `swarmlab exec`: a shell or a command on a machine of a cell that is up. */
import {MachineError} from '../errors.ts';
import type {MachineHandle} from '../model/index.ts';
import type {Register} from './command.ts';

const cellOption = [
	'--cell <text>',
	'the cell or run that this means, as for `run --cell` (default: the newest that is up)',
] as const;

/** The exit code of ssh when it did not reach the machine. */
const unreachable = 255;

export const registerSsh: Register = (program, finish) => {
	program
		.command('ssh')
		.summary('open a shell on a machine that is up')
		.description('Opens a shell on a machine of a cell that is up (swarmlab up, swarmlab run --keep).')
		.argument('<node>', 'm1, w1, w2, …')
		.option(...cellOption)
		.addHelpText('after', '\nExample:\n  swarmlab ssh w1')
		.action(async (node: string, {cell}: {cell?: string}) => {
			finish(await onMachine(await machineNamed(node, cell), process.stdin.isTTY ? ['-t'] : [], []));
		});
};

export const registerExec: Register = (program, finish) => {
	program
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
		.action(async (node: string, command: string[], {cell}: {cell?: string}) => {
			const {quoteAll} = await import('../machine/quote.ts');
			// Commander passes the `--`, which ends our own options, as the first word of the command.
			const words = command[0] === '--' ? command.slice(1) : command;
			finish(await onMachine(await machineNamed(node, cell), [], ['--', quoteAll(words)]));
		});
};

async function machineNamed(node: string, cell: string | undefined): Promise<MachineHandle> {
	const {findMachine, findUp} = await import('../run/by-hand.ts');
	const {matches} = await import('../plan/match.ts');
	return findMachine(findUp(cell, matches), node);
}

/** Runs ssh and returns the exit code of the command. Throws MachineError when ssh did not reach the machine. */
async function onMachine(machine: MachineHandle, options: string[], command: string[]): Promise<number> {
	const {execa} = await import('execa');
	const {sshArguments} = await import('../machine/ssh.ts');
	const words = [...sshArguments(machine, options), ...command];
	const {exitCode = unreachable} = await execa('ssh', words, {stdio: 'inherit', reject: false});
	if (exitCode === unreachable) {
		throw new MachineError(machine.name, 'ssh did not reach it, or its command ended with 255', {
			remedy: `Its console: ${machine.console}`,
		});
	}

	return exitCode;
}
