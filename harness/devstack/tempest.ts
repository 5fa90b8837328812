/** Runs tempest on the machine, where stack.sh has put it. Tempest replaced the exercises. */
import fs from 'node:fs';
import path from 'node:path';
import {limits} from '../limits.ts';
import {follow, type Machine} from '../machine/index.ts';
import {home} from './kinds.ts';
import {LogFile} from './log-file.ts';
import {asStackUser} from './place.ts';
import {StestrReader, type TestsRead} from './tests.ts';

/** Where releases put its program, the oldest first. PATH is searched last. */
const programs = [`${home}/tempest/.tox/tempest/bin`, `${home}/tempest/.venv/bin`, `${home}/data/venv/bin`];

/** Returns whether the stack has tempest: local.conf may leave out that service. */
export async function hasTempest(machine: Machine): Promise<boolean> {
	const {exitCode} = await machine.exec(
		`[ -d ${home}/tempest ] && PATH=${programs.join(':')}:$PATH command -v tempest`,
	);
	return exitCode === 0;
}

/** Runs the tests that `select` names, and returns their results. Throws HarnessError when the machine is lost. */
export async function runTempest(
	machine: Machine,
	{select, log: file, onProgress}: {select: string; log: string; onProgress(doing: string): void},
): Promise<TestsRead & {exitCode: number | undefined}> {
	fs.mkdirSync(path.dirname(file), {recursive: true});
	const reader = new StestrReader();
	const log = new LogFile(file, []);
	let bytesRead = 0;
	const watch = setInterval(() => onProgress(`tempest runs (${bytesRead} bytes of output)`), 1000);
	try {
		const command = `cd ${home}/tempest && PATH=${programs.join(':')}:$PATH tempest run ${select}`;
		const {exitCode} = await follow(machine, asStackUser(command), {
			limit: limits.tempest,
			onOutput(bytes) {
				bytesRead += bytes.length;
				reader.write(bytes);
				log.write(bytes);
			},
		});
		return {...reader.end(), exitCode};
	} finally {
		clearInterval(watch);
		log.close();
	}
}
