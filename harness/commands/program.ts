/** The commands, in the order in which a user needs them. */
import {Command, CommanderError, Option} from 'commander';
import {asTyped} from '../called.ts';
import {registerBisect} from './bisect.ts';
import {registerBox} from './box.ts';
import {registerCapture} from './capture.ts';
import type {Register} from './command.ts';
import {registerCompare} from './compare.ts';
import {registerCompletion} from './completion.ts';
import {registerCopy} from './copy.ts';
import {registerDiagnose} from './diagnose.ts';
import {registerDoctor} from './doctor.ts';
import {registerDown} from './down.ts';
import {registerEngines} from './engines.ts';
import {registerFault} from './fault.ts';
import {registerGc} from './gc.ts';
import {registerHelp} from './help.ts';
import {registerHistory} from './history.ts';
import {registerImages} from './images.ts';
import {registerInit} from './init.ts';
import {registerKernels} from './kernels.ts';
import {registerMerge} from './merge.ts';
import {registerExec, registerSsh} from './on-machine.ts';
import {registerPlan} from './plan.ts';
import {prepare} from './prepare.ts';
import {registerReport} from './report.ts';
import {registerReproduce} from './reproduce.ts';
import {registerRun} from './run.ts';
import {registerShow} from './show.ts';
import {registerSnapshot} from './snapshot.ts';
import {registerSshConfig} from './ssh-config.ts';
import {registerStatus} from './status.ts';
import {unknownCommand} from './unknown-command.ts';
import {registerUp} from './up.ts';

const commands: Register[] = [
	registerInit,
	registerRun,
	registerReproduce,
	registerPlan,
	registerReport,
	registerShow,
	registerMerge,
	registerHistory,
	registerCompare,
	registerBisect,
	registerDiagnose,
	registerKernels,
	registerEngines,
	registerImages,
	registerBox,
	registerDoctor,
	registerUp,
	registerSsh,
	registerExec,
	registerCopy,
	registerSshConfig,
	registerStatus,
	registerFault,
	registerCapture,
	registerSnapshot,
	registerDown,
	registerGc,
	registerCompletion,
	registerHelp,
];

/**
 * Creates the program with all its commands. It throws CommanderError for input that it does not know and prints no error
 * itself: the caller does.
 * @param finish takes the exit code of the command that was run.
 */
export function createProgram(version: string, finish: (exitCode: number) => void): Command {
	const program = new Command('swarmlab')
		.description('Does Docker swarm networking work on this kernel with this Docker, and if not, why not?')
		.version(version, '-v, --version')
		.enablePositionalOptions()
		.exitOverride()
		.configureOutput({
			outputError: () => {},
			writeOut: text => process.stdout.write(asTyped(text)),
			writeErr: text => process.stderr.write(asTyped(text)),
		})
		.helpCommand(false)
		.addOption(new Option('-V').hideHelp())
		.on('option:V', () => {
			process.stdout.write(`${version}\n`);
			throw new CommanderError(0, 'commander.version', version);
		})
		.on('command:*', ([name]: [string]) => {
			throw unknownCommand(name, program);
		})
		.addHelpText('after', '\nStart with: swarmlab doctor; swarmlab run. More about each: swarmlab run --help.');
	// Help and version change nothing on this host, and init only the folder: they do not check the environment.
	program.hook('preAction', async (_, command) => {
		if (!['help', 'init'].includes(command.name())) {
			await prepare();
		}
	});
	for (const register of commands) {
		register(program, finish);
	}

	return program;
}
