/** Runs exercise.sh once for all requested exercises. Each result is judged from its output. */
import fs from 'node:fs';
import path from 'node:path';
import {limits} from '../limits.ts';
import {follow, type Machine} from '../machine/index.ts';
import {ExerciseReader} from './exercise-log.ts';
import type {ExerciseOutput} from './judge.ts';
import {tree} from './kinds.ts';
import {LogFile} from './log-file.ts';
import {asStackUser} from './place.ts';

export interface ExerciseRequest {
	machine: Machine;
	/** Runs only these. If omitted, all exercises of the tree run. */
	only?: readonly string[];
	/** The exercises of the stack. Their number sets the limit if `only` is omitted. */
	exercises: readonly string[];
	/** File on this host for the whole output. */
	log: string;
	/** Reports what is running now. */
	onProgress(doing: string): void;
	signal?: AbortSignal;
}

const lookIntervalMs = 1000;

/** Runs exercise.sh and returns its output. Throws HarnessError when the machine is lost. */
export async function runExercises({
	machine,
	only,
	exercises,
	log: file,
	onProgress,
	signal,
}: ExerciseRequest): Promise<ExerciseOutput> {
	fs.mkdirSync(path.dirname(file), {recursive: true});
	const reader = new ExerciseReader();
	const log = new LogFile(file, await secretsOf(machine));
	const watch = setInterval(() => {
		const {now} = reader;
		if (now) {
			onProgress(`exercise ${now.name} is done: ${now.last.slice(0, 100)}`);
		}
	}, lookIntervalMs);
	const limit = limits.exercise * Math.max(1, (only ?? exercises).length);
	// Separated by blanks. With commas, as its documentation promises, the whole list becomes one name (see docs/devstack.md).
	const chosen = only ? `RUN_EXERCISES="${only.join(' ')}" ` : '';
	try {
		const {exitCode} = await follow(machine, asStackUser(`${chosen}./exercise.sh`), {
			limit,
			signal,
			onOutput(bytes) {
				reader.write(bytes);
				log.write(bytes);
			},
		});
		return {
			log: reader.end(),
			exitCode,
			...(exitCode === undefined && {ended: `exercise.sh did not end in ${limit} s`}),
		};
	} finally {
		clearInterval(watch);
		log.close();
	}
}

/** Returns the passwords in the machine's local.conf. */
async function secretsOf(machine: Machine): Promise<string[]> {
	const {stdout} = await machine.exec(`cat ${tree}/local.conf 2> /dev/null`);
	return [...new Set([...stdout.matchAll(/PASSWORD="([^"$]+)"/g)].map(([, value]) => value!))];
}
