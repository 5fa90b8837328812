/** Runs stack.sh unattended, with a live view and a limit. Runs it once more if a remedy is known and requested. */
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {explain} from '../errors.ts';
import {limits} from '../limits.ts';
import {follow, type Machine} from '../machine/index.ts';
import type {Stack} from '../model/index.ts';
import {home, kinds, tree} from './kinds.ts';
import {localConf} from './local-conf.ts';
import {LogFile} from './log-file.ts';
import {asStackUser, cloneCommand, placeLocalConf, placeTree} from './place.ts';
import {remedies} from './remedies.ts';
import {type Failure, type StackLog, StackReader} from './stack-log.ts';
import {maskSecrets} from './text.ts';

export interface StackRequest {
	machine: Machine;
	stack: Stack;
	/** Folder on this host for the logs. */
	folder: string;
	/** The machine is emulated. */
	slow: boolean;
	/** Reports what stack.sh is doing now, for the people who wait. */
	onProgress(doing: string): void;
	signal: AbortSignal;
}

export interface StackOutcome {
	completed: boolean;
	/** Seconds of the last try, measured on this host. */
	seconds: number;
	log: StackLog;
	/** Why it did not complete. */
	failure?: Failure;
	/** Earlier tries, and what was done before the next. */
	earlier: {failure: Failure; done: string}[];
	/** Absolute names of the files that were collected. */
	files: string[];
}

/** Milliseconds between two reports of progress. */
const lookIntervalMs = 3000;

/** Runs stack.sh. Throws HarnessError when the machine is lost. A failure of stack.sh is a result. */
export async function runStack(request: StackRequest): Promise<StackOutcome> {
	const {machine, stack, slow} = request;
	// Each machine has its own password: it is on no list, and masking it masks nothing else.
	const password = `s${randomBytes(8).toString('hex')}`;
	const conf = {hostIp: machine.address, password, slow, localrc: stack.localrc};
	fs.mkdirSync(request.folder, {recursive: true});
	request.onProgress('places the tree');
	await placeTree(machine, stack);

	const first = await tryOnce(request, conf, 1);
	const name = stack.retryWithRemedy ? first.failure?.signature?.apply : undefined;
	if (!name || request.signal.aborted) {
		return {...first, earlier: []};
	}

	const remedy = remedies[name];
	request.onProgress(`tries again: ${remedy.what}`);
	const takenDown = await takeDown(request, [conf.password]);
	for (const command of remedy.commands ?? []) {
		await machine.exec(['sh', '-c', `TREE=${tree}; ${command}`], {timeout: limits.unstack});
	}

	const localrc = {...stack.localrc, ...remedy.localrc?.({hostIp: machine.address})};
	const second = await tryOnce(request, {...conf, localrc}, 2);
	const files = [...first.files, takenDown, ...second.files];
	return {...second, files, earlier: [{failure: first.failure!, done: remedy.what}]};
}

async function tryOnce(
	{machine, stack, folder, onProgress, signal}: StackRequest,
	conf: Parameters<typeof localConf>[0],
	number: number,
): Promise<Omit<StackOutcome, 'earlier'>> {
	const clone = cloneCommand(stack, conf.localrc.GIT_BASE ?? '');
	await placeLocalConf(machine, localConf(conf));
	const reader = new StackReader();
	const file = path.join(folder, number === 1 ? 'stack.sh.log' : `stack.sh.${number}.log`);
	const log = new LogFile(file, [conf.password]);
	const start = performance.now();
	const watch = setInterval(
		() =>
			onProgress(`stack.sh, ${((performance.now() - start) / 1000).toFixed(0)} s: ${live(reader.last, conf.password)}`),
		lookIntervalMs,
	);
	try {
		const limit = kinds[stack.kind].limit;
		const {exitCode, seconds} = await follow(machine, asStackUser(clone ? `${clone} && ./stack.sh` : './stack.sh'), {
			limit,
			signal,
			onOutput(bytes) {
				reader.write(bytes);
				log.write(bytes);
			},
		});
		signal.throwIfAborted();
		const said = {...reader.end()};
		said.seconds ??= await completedIn(machine);
		const completed = exitCode === 0 && said.hostIp !== undefined && said.seconds !== undefined;
		const failure = completed ? undefined : whyNot(reader, exitCode, limit, said);
		const files = [file, ...(completed ? [] : await gather(machine, folder, number, [conf.password]))];
		return {
			completed,
			seconds,
			log: maskedLog(said, conf.password),
			...(failure && {failure: maskedFailure(failure, conf.password)}),
			files,
		};
	} finally {
		clearInterval(watch);
		log.close();
	}
}

/** Returns the newest line, with DevStack's current function if the line names it: `lib/nova:start_nova_rest`. */
function live(last: string, secret: string): string {
	const place = /^\++ *((?:lib\/)?[\w./-]+:[\w-]+):\d+ +: +(.*)$/.exec(last);
	return maskSecrets(place ? `${place[1]}: ${place[2]}` : last, [secret]).slice(0, 100);
}

/** With LOGFILE, stack.sh writes its time only into the summary beside the log. */
async function completedIn(machine: Machine): Promise<number | undefined> {
	const {stdout} = await machine.exec(`cat ${home}/logs/stack.sh.log*summary* 2> /dev/null`);
	const found = /stack\.sh completed in (\d+) seconds/.exec(stdout);
	return found ? Number(found[1]) : undefined;
}

function whyNot(reader: StackReader, exitCode: number | undefined, limit: number, {hostIp}: StackLog): Failure {
	const failure = reader.failure(exitCode);
	if (failure.signature || (exitCode !== undefined && exitCode !== 0)) {
		return failure;
	}

	const last = failure.lastWords.at(-1) ?? '(nothing)';
	const message =
		exitCode === undefined
			? `stack.sh hangs: it did not end in ${limit} s; its last line: ${last}`
			: `stack.sh ended with 0 and ${hostIp ? 'did not say that it completed' : 'printed no address of the host'}; its last line: ${last}`;
	return {...failure, message, line: last};
}

/** Runs unstack.sh, then clean.sh. Returns the file with their output: it matters if the next try fails as well. */
async function takeDown({machine, folder, onProgress, signal}: StackRequest, secrets: string[]): Promise<string> {
	const file = path.join(folder, 'taken-down.log');
	const log = new LogFile(file, secrets);
	try {
		for (const script of ['unstack.sh', 'clean.sh']) {
			onProgress(`runs ${script}`);
			await follow(machine, asStackUser(`echo '== ${script}'; { [ ! -x ./${script} ] || ./${script}; }`), {
				limit: limits.unstack,
				signal,
				onOutput: bytes => log.write(bytes),
			});
		}
	} finally {
		log.close();
	}

	return file;
}

/** Copies what DevStack left that explains a failure. Never throws: a missing file must not cost the result. */
async function gather(machine: Machine, folder: string, number: number, secrets: string[]): Promise<string[]> {
	const found = await machine
		.run(
			`ls -t ${tree}/worlddump-*.txt ${home}/logs/worlddump-*.txt ${home}/logs/error.log 2> /dev/null | head -n 3; true`,
		)
		.catch(() => '');
	const files: string[] = [];
	for (const remote of found.split('\n').filter(Boolean)) {
		const local = path.join(folder, `${number === 1 ? '' : `${number}-`}${path.basename(remote)}`);
		try {
			await machine.copyFrom(remote, local);
			fs.writeFileSync(local, maskSecrets(fs.readFileSync(local, 'utf8'), secrets));
			files.push(local);
		} catch (error) {
			fs.writeFileSync(`${local}.missing.txt`, explain(error));
		}
	}

	return files;
}

function maskedLog(log: StackLog, secret: string): StackLog {
	return {...log, last: maskSecrets(log.last, [secret])};
}

function maskedFailure(failure: Failure, secret: string): Failure {
	const mask = (text: string) => maskSecrets(text, [secret]);
	return {
		...failure,
		message: mask(failure.message),
		...(failure.line !== undefined && {line: mask(failure.line)}),
		lastWords: failure.lastWords.map(mask),
		aftermath: failure.aftermath.map(mask),
	};
}
