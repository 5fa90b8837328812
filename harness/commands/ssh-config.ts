/** `swarmlab ssh-config`: the machines of a cell that is up, for the user's own ssh. */
import {UsageError} from '../errors.ts';
import type {MachineHandle, SshHandle} from '../model/index.ts';
import {printAnswer, type Register} from './command.ts';

const examples = `
Example:
  swarmlab ssh-config > cell.ssh; ssh -F cell.ssh m1; rsync -e 'ssh -F cell.ssh' m1:/var/log/ logs/`;

export const registerSshConfig: Register = program => {
	program
		.command('ssh-config')
		.summary('print the machines that are up as a configuration of ssh')
		.description(
			'Prints the machines of a cell that is up in the syntax of ssh_config(5), for your own ssh, scp, rsync, Ansible or editor. Machines that are containers have no ssh: swarmlab status shows how to get at them.',
		)
		.option('--cell <text>', 'the cell or run that this means, as for `run --cell` (default: the newest that is up)')
		.addHelpText('after', examples)
		.action(async ({cell}: {cell?: string}) => {
			const {findMachine, findUp} = await import('../run/by-hand.ts');
			const {matches} = await import('../match.ts');
			const {sshConfig} = await import('../machine/ssh-config.ts');
			const up = findUp(cell, matches);
			const machines = up.handle.machines.map(({name}) => findMachine(up, name));
			if (!machines.every(hasSsh)) {
				throw new UsageError(`The machines of ${up.handle.cell.id} are containers, and have no ssh.`, {
					remedy: 'swarmlab status shows the lines for docker exec; swarmlab ssh and swarmlab cp work.',
				});
			}

			printAnswer(sshConfig(machines));
		});
};

function hasSsh(machine: MachineHandle): machine is SshHandle {
	return machine.reach.by === 'ssh';
}
