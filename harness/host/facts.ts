/** What is read from this host, once; the checks are a function of it. */

import {globSync, statfsSync} from 'node:fs';
import {readFile, stat} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import {variable, withSbin} from '../environment.ts';
import * as paths from '../paths.ts';
import {type Place, places, troubleOf} from './places.ts';
import {find, pluginPlaces} from './tools.ts';

export interface Facts {
	/** `linux` */
	platform: string;
	/** `x64` */
	architecture: string;
	/** Fields of os-release. */
	release: Record<string, string>;
	isRoot: boolean;
	/** Absolute path of a program, where there is one. */
	find: (command: string) => string | undefined;
	/** First line of `qemu-system-x86_64 --version`, where it runs. */
	qemu: string | undefined;
	/** MiB that are free or can be freed. */
	memory: number;
	cpus: number;
	/** Asked only for the provider vagrant. */
	vagrant?: {plugin: string | undefined; libvirtd: string | undefined; kvmIsClosed?: boolean};
	/** The folders that are written to, and why one cannot be. */
	places?: (Place & {trouble: string | undefined})[];
	/** MiB that are free for artifacts, and the folder that was asked about. */
	disk: {folder: string; free: number};
}

/** For a program that only says its version: one that takes longer hangs, however much this host has to do. Milliseconds. */
const patience = 60_000;

/** Reads the facts. @param searchPath PATH to look for programs in. */
export async function readFacts(
	searchPath = variable('PATH') ?? '',
	{vagrant = false}: {vagrant?: boolean} = {},
): Promise<Facts> {
	const where = (command: string) => find(command, withSbin(searchPath));
	const [qemu, release, meminfo] = await Promise.all([
		qemuVersion(where('qemu-system-x86_64')),
		osRelease(),
		memInfo(),
	]);
	return {
		platform: process.platform,
		architecture: process.arch,
		release,
		isRoot: process.getuid?.() === 0,
		find: where,
		qemu,
		memory: meminfo,
		cpus: os.availableParallelism(),
		disk: freeDisk(paths.cache),
		places: places.map(place => ({...place, trouble: troubleOf(place)})),
		...(vagrant && {vagrant: await vagrantFacts(where('virsh'))}),
	};
}

async function vagrantFacts(virsh: string | undefined): Promise<Facts['vagrant']> {
	const [plugin] = pluginPlaces.flatMap(place => globSync(place));
	const said = virsh && (await execa(virsh, ['-c', 'qemu:///system', 'version'], {reject: false, timeout: patience}));
	const daemon = said && !said.failed ? /Using library: (.*)/.exec(said.stdout)?.[1] : undefined;
	return {plugin: plugin && path.basename(plugin), libvirtd: daemon, kvmIsClosed: await kvmIsClosed()};
}

/** Whether /dev/kvm is there and closed to the user that libvirt runs QEMU as on Debian and Ubuntu. */
async function kvmIsClosed(): Promise<boolean> {
	const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
	const group = /^libvirt-qemu:[^:]*:\d+:(\d+):/m.exec(passwd)?.[1];
	const device = await stat('/dev/kvm').catch(() => undefined);
	if (!group || !device) {
		return false;
	}

	const openToGroup = device.gid === Number(group) && (device.mode & 0o060) === 0o060;
	return !openToGroup && (device.mode & 0o006) !== 0o006;
}

async function qemuVersion(program: string | undefined): Promise<string | undefined> {
	if (!program) {
		return undefined;
	}

	const {stdout, failed} = await execa(program, ['--version'], {reject: false, timeout: patience});
	return failed ? undefined : String(stdout).split('\n')[0];
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

/** The folder may not be made yet: the nearest one above it that is there tells. */
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
