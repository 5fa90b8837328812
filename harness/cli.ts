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
const exitCodes = {broken: 2, usage: 64, host: 69};

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

// The door (swarmlab.js on an older Node) that was killed cannot pass on that it ends.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

let unwritten: Error | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	// `swarmlab kernels | head`: the reader has had enough, and the command goes on to its end.
	if (error.code !== 'EPIPE') {
		unwritten ??= error;
	}
});
// What is being done cannot be shown; the answer and the exit code can be given all the same.
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
// A connection that is kept alive would hold the process.
process.exit(code);

/** Says what went wrong, once, and returns the exit code. */
function reportError(thrown: unknown): number {
	if (thrown instanceof CommanderError) {
		return reportUsage(thrown);
	}

	// What has words of its own keeps them, and its exit code: a run that met a full disk has told its results as broken.
	const error = thrown instanceof HarnessError ? thrown : (asPlaceError(thrown) ?? thrown);
	const known = error instanceof HarnessError;
	process.stderr.write(`swarmlab: ${explain(error)}\n`);
	if (!known || variable('SWARMLAB_DEBUG')) {
		process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
	}

	return error instanceof UsageError ? exitCodes.usage : error instanceof HostError ? exitCodes.host : exitCodes.broken;
}

/** Commander ends help and version by an error too. */
function reportUsage({code, exitCode, message}: CommanderError): number {
	if (exitCode === 0) {
		return 0;
	}

	// Without any command the help is the answer, and it is said already.
	if (code !== 'commander.help') {
		process.stderr.write(`swarmlab: ${message.replace(/^error: /, '')}\n  → ${asTyped(helpOf())}\n`);
	}

	return exitCodes.usage;
}
