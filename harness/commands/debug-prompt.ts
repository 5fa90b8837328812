/** `run --debug`: shows what failed, and takes commands from a person while the failing swarm is as it is. */
import {createInterface} from 'node:readline/promises';
import {diagnosisLines} from '../../reports/diagnosis.ts';
import {asTyped} from '../called.ts';
import {explain, UsageError} from '../errors.ts';
import type {DebugAnswer} from '../model/index.ts';
import type {DebugStop as Stop} from '../run/debug.ts';
import {displayPath} from '../shown.ts';
import {print} from './command.ts';
import {debugHelp, parseDebugLine} from './debug-line.ts';

/** Throws UsageError if nobody can answer here. */
export function requireTerminal(): void {
	if (!process.stdin.isTTY || !process.stderr.isTTY) {
		throw new UsageError('--debug asks a person, and this is no terminal.', {
			remedy: 'swarmlab run --keep=failed leaves the machines up on which something did not pass.',
		});
	}

	// A terminal that goes while a shell has it must not end this process before the machines are down.
	process.stdin.on('error', () => {});
}

/** Asks until an answer lets the run go on. @param hold releases the terminal from the progress of the run */
export async function askAtStop(stop: Stop, hold: () => () => void): Promise<DebugAnswer> {
	const release = hold();
	try {
		stopLines(stop).forEach(print);
		for (;;) {
			const typed = await question(`${stop.handle.cell.id}> `, stop.signal);
			if (typed === undefined) {
				// Ctrl-C, or the terminal is gone: the run ends in order, as anywhere else.
				stop.end();
				return 'go on';
			}

			const answer = await obey(typed, stop);
			if (answer) {
				return answer;
			}
		}
	} finally {
		release();
	}
}

function stopLines({handle, scenario, verdict, reason, evidence}: Stop): string[] {
	return [
		'',
		`${verdict}: ${scenario.title}`,
		`  ${scenario.file}${scenario.line ? `:${scenario.line}` : ''} on ${handle.cell.id}`,
		...(reason ? reason.message.split('\n').map(each => `  ${each}`) : []),
		...(reason?.remedy ? [asTyped(`  → ${reason.remedy}`)] : []),
		...(reason?.diagnosis ? diagnosisLines(reason.diagnosis, {withPaths: false}).map(each => `  ${each}`) : []),
		...(evidence.length > 0
			? [`  evidence: ${evidence.length} files below ${displayPath(process.cwd(), handle.folder)}`]
			: []),
		'',
		'The swarm is as the claim left it. Nothing goes on until you say so:',
		...debugHelp.map(each => `  ${each}`),
	];
}

/** Returns the line that was typed; undefined at Ctrl-C, at the end of the input, or when the run ends. */
async function question(prompt: string, signal: AbortSignal): Promise<string | undefined> {
	signal.throwIfAborted();
	const line = createInterface({input: process.stdin, output: process.stderr});
	const nothing = new Promise<undefined>(resolve => {
		line.once('close', () => resolve(undefined));
		// A terminal that is gone cannot be read. Closing the line here would set its mode, and meet the same error for ever.
		line.on('error', () => resolve(undefined));
		// While a line is edited, readline takes Ctrl-C for itself.
		line.once('SIGINT', () => line.close());
		signal.addEventListener('abort', () => line.close(), {once: true});
	});
	try {
		return await Promise.race([line.question(prompt).catch(() => undefined), nothing]);
	} finally {
		line.close();
	}
}

/** Does what a line says. Returns the answer, if the line is one. Never throws. */
async function obey(typed: string, {handle, end}: Stop): Promise<DebugAnswer | undefined> {
	const asked = parseDebugLine(
		typed,
		handle.machines.map(({name}) => name),
	);
	try {
		switch (asked.does) {
			case 'go on':
			case 'retry':
				return asked.does;
			case 'stop':
				end();
				return 'go on';
			case 'help':
				debugHelp.forEach(print);
				break;
			case 'wrong':
				print(asked.wrong);
				break;
			case 'enter': {
				const {enter} = await import('../machine/enter.ts');
				const code = await enter(handle.machines.find(({name}) => name === asked.node)!, asked.line, true);
				if (code !== 0) {
					print(`it ended with ${code}`);
				}

				break;
			}

			case 'capture': {
				const {showCapture} = await import('./capture.ts');
				await showCapture(handle, asked.file);
				break;
			}

			case 'nothing':
				break;
		}
	} catch (error) {
		print(explain(error));
	}

	return undefined;
}
