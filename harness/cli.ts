/** The command line: the only place that sets the exit code. */
import {readFileSync} from 'node:fs';
import {enableCompileCache} from 'node:module';
import path from 'node:path';
import {CommanderError} from 'commander';
import {asTyped, helpOf} from './called.ts';
import {createProgram} from './commands/program.ts';
import {explain, HarnessError, HostError, UsageError} from './errors.ts';
import {compiled, project} from './paths.ts';

/** What a shell or a CI sees; 0, 1 and 2 of a run are its own. */
const exitCodes = {broken: 2, usage: 64, host: 69};

// Every process of a run loads much the same: what was compiled once halves that time. By environment for children.
enableCompileCache(compiled);
process.env.NODE_COMPILE_CACHE ??= compiled;

let code = 0;
const program = createProgram(version(), exitCode => {
	code = exitCode;
});

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	// `swarmlab kernels | head`: who reads has had enough.
	if (error.code === 'EPIPE') {
		process.exit(code);
	}

	throw error;
});

try {
	await program.parseAsync();
} catch (error) {
	code = tell(error);
}

// A connection that is kept alive would hold the process.
process.exit(code);

/** Says what went wrong, once, and returns the exit code. */
function tell(error: unknown): number {
	if (error instanceof CommanderError) {
		return tellUsage(error);
	}

	const known = error instanceof HarnessError;
	process.stderr.write(`swarmlab: ${explain(error)}\n`);
	if (!known || process.env.SWARMLAB_DEBUG) {
		process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
	}

	return error instanceof UsageError ? exitCodes.usage : error instanceof HostError ? exitCodes.host : exitCodes.broken;
}

/** Commander ends help and version by an error too. */
function tellUsage({code, exitCode, message}: CommanderError): number {
	if (exitCode === 0) {
		return 0;
	}

	// Without any command the help is the answer, and it is said already.
	if (code !== 'commander.help') {
		process.stderr.write(`swarmlab: ${message.replace(/^error: /, '')}\n  → ${asTyped(helpOf())}\n`);
	}

	return exitCodes.usage;
}

function version(): string {
	const text = readFileSync(path.join(project, 'package.json'), 'utf8');
	return (JSON.parse(text) as {version: string}).version;
}
