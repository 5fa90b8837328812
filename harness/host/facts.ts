/** Facts that are read from this host once. The checks are computed from them. */
import {statfsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {variable, withSbin} from '../environment.ts';
import * as paths from '../paths.ts';
import type {Find} from './needs.ts';
import {type Place, places, troubleOf} from './places.ts';
import {find} from './tools.ts';

export interface Facts {
	/** `linux` */
	platform: string;
	/** `x64` */
	architecture: string;
	/** Fields of os-release. */
	release: Record<string, string>;
	isRoot: boolean;
	find: Find;
	/** MiB that are available (MemAvailable). */
	memory: number;
	cpus: number;
	/** The folders that swarmlab writes to. `trouble` is why one cannot be written. */
	places?: (Place & {trouble: string | undefined})[];
	/** The folder of artifacts, and the free MiB there. */
	disk: {folder: string; free: number};
}

/** Reads the facts. @param searchPath PATH to look for programs in. */
export async function readFacts(searchPath = variable('PATH') ?? ''): Promise<Facts> {
	const [release, meminfo] = await Promise.all([osRelease(), memInfo()]);
	return {
		platform: process.platform,
		architecture: process.arch,
		release,
		isRoot: process.getuid?.() === 0,
		find: command => find(command, withSbin(searchPath)),
		memory: meminfo,
		cpus: os.availableParallelism(),
		disk: freeDisk(paths.cache),
		places: places.map(place => ({...place, trouble: troubleOf(place)})),
	};
}

/** Fields of os-release(5). */
export async function osRelease(): Promise<Record<string, string>> {
	const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
	return Object.fromEntries([...text.matchAll(/^(\w+)="?(.*?)"?$/gm)].map(([, key, value]) => [key!, value!]));
}

async function memInfo(): Promise<number> {
	const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
	return Math.round(Number(/^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024);
}

/** Returns the free space. If the folder does not exist yet, that of the nearest folder above it. */
function freeDisk(folder: string): Facts['disk'] {
	try {
		const {bavail, bsize} = statfsSync(folder);
		return {folder, free: Math.round((bavail * bsize) / 2 ** 20)};
	} catch (error) {
		const above = path.dirname(folder);
		if (above === folder) {
			throw error;
		}

		return freeDisk(above);
	}
}
