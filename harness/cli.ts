/** The command line: the only place that sets the exit code. */
import {writeSync} from 'node:fs';
import {CommanderError} from 'commander';
import {asTyped, helpOf} from './called.ts';
import {createProgram} from './commands/program.ts';
import {variable} from './environment.ts';
import {explain, HarnessError, HostError, UsageError} from './errors.ts';
import {asPlaceError} from './host/places.ts';
import {packageVersion} from './package.ts';

/** Exit codes of errors. `run` itself returns 0, 1 or 2. */
const usualCodes = {broken: 2, usage: 64, host: 69};
/** `git bisect run` takes 1 to 124 for a bad commit: an error must not look like one. From 128 on it gives up. */
const isStepOfGit = process.argv[2] === 'bisect' && process.argv.includes('--git');
const exitCodes = isStepOfGit ? {broken: 125, usage: 128, host: 128} : usualCodes;

let code = 0;
/** Whether the command has completed. Only then is its exit code the documented one. */
let isOver = false;
const program = createProgram(packageVersion(), exitCode => {
	code = exitCode;
});

// Any library may end this process at any time. Node also ends it when the command awaits something that never happens.
process.on('exit', ended => {
	if (!isOver && ended !== exitCodes.broken) {
		process.exitCode = exitCodes.broken;
		writeSync(2, `swarmlab: it was ended (exit code ${ended}) before the command had come to its end.\n`);
	}
});

// If swarmlab.js runs on an older Node and is killed, it cannot pass the signal on: this process sees the closed channel.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

let unwritten: Error | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	// The reader closed the pipe (EPIPE), as `| head` does. The command still runs to its end.
	if (error.code !== 'EPIPE') {
		unwritten ??= error;
	}
});
// Progress cannot be shown without stderr, but the answer and the exit code do not need it.
process.stderr.on('error', () => {});

try {
	await program.parseAsync();
} catch (error) {
	code = reportError(error);
}

await new Promise(resolve => {
	process.stdout.write('', resolve);
});
if (unwritten) {
	process.stderr.write(
		`swarmlab: the answer could not be written: ${unwritten.message}\n  → Look at where standard output goes.\n`,
	);
	code ||= exitCodes.broken;
}

isOver = true;
// A connection that is kept alive would keep the process running.
process.exit(code);

/** Writes the error to stderr, once, and returns the exit code. */
function reportError(thrown: unknown): number {
	if (thrown instanceof CommanderError) {
		return reportUsage(thrown);
	}

	// A HarnessError keeps its message and its exit code: a run that met a full disk has already reported its results as
	// broken.
	const error = thrown instanceof HarnessError ? thrown : (asPlaceError(thrown) ?? thrown);
	const known = error instanceof HarnessError;
	process.stderr.write(`swarmlab: ${explain(error)}\n`);
	if (!known || variable('SWARMLAB_DEBUG')) {
		process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
	}

	return error instanceof UsageError ? exitCodes.usage : error instanceof HostError ? exitCodes.host : exitCodes.broken;
}

/** Returns the exit code of a CommanderError. Commander throws one for help and version, too. */
function reportUsage({code, exitCode, message}: CommanderError): number {
	if (exitCode === 0) {
		return 0;
	}

	// Without a command the help is the answer, and commander has printed it already.
	if (code !== 'commander.help') {
		process.stderr.write(`swarmlab: ${message.replace(/^error: /, '')}\n  → ${asTyped(helpOf())}\n`);
	}

	return exitCodes.usage;
}
