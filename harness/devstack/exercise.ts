/** exercise.sh, run once for all exercises that are wanted; how each came out is judged from what it said. */
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
	/** Only these; without, all that the tree has. */
	only?: readonly string[];
	/** Which there will be, for the limit. */
	exercises: readonly string[];
	/** File on this host for all that is said. */
	log: string;
	/** What is running now. */
	onProgress(doing: string): void;
	signal?: AbortSignal;
}

const lookIntervalMs = 1000;

/** Throws HarnessError when the machine is lost. */
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
	// Between blanks: the commas that its documentation promises make one name of all (see docs/devstack.md).
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

/** Passwords that this machine was given. */
async function secretsOf(machine: Machine): Promise<string[]> {
	const {stdout} = await machine.exec(`cat ${tree}/local.conf 2> /dev/null`);
	return [...new Set([...stdout.matchAll(/PASSWORD="([^"$]+)"/g)].map(([, value]) => value!))];
}
