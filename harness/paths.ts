/** Where swarmlab keeps files on this host: every path is defined here. Imports only environment.ts and workspace.ts. */
import os from 'node:os';
import path from 'node:path';
import {variable} from './environment.ts';
import {workspace} from './workspace.ts';

/**
 * Returns the folder that a variable of ours names. A relative path is relative to the workspace, so that it means the same
 * in all of its folders. `~` is the user's home, as in a shell, because the files of a CI set variables without a shell.
 */
function named(name: string): string | undefined {
	const folder = variable(name);
	return folder === undefined ? undefined : path.resolve(workspace, folder.replace(/^~(?=\/|$)/, home));
}

/**
 * Returns a folder that the XDG Base Directory Specification lets a user set. By that specification a relative path is
 * ignored.
 */
function ofUser(name: string, otherwise: () => string): string {
	const folder = variable(name);
	return folder !== undefined && path.isAbsolute(folder) ? folder : otherwise();
}

/** Returns the user's home. A relative or empty HOME is ignored, too: it would put our files into the current folder. */
function home(): string {
	return path.isAbsolute(os.homedir()) ? os.homedir() : os.userInfo().homedir;
}

/**
 * Artifacts, by content, and which accelerators work here. It may be deleted while no run is under way. `SWARMLAB_CACHE`
 * moves it.
 */
export const cache =
	named('SWARMLAB_CACHE') ??
	path.join(
		ofUser('XDG_CACHE_HOME', () => path.join(home(), '.cache')),
		'swarmlab',
	);

/** Cells that a person has saved by name. Only a person removes them. */
export const saved = path.join(cache, 'saved');

/** Node's own cache of compiled sources. */
export const compiled = path.join(cache, 'compiled');

/** Indexes of earlier runs, one for each folder of runs. They hold nothing that the records do not have. */
export const history = path.join(cache, 'history');

/** What is up right now: one lease per cell, so that `gc` works after a crash. `SWARMLAB_STATE` moves it. */
export const state =
	named('SWARMLAB_STATE') ??
	path.join(
		ofUser('XDG_STATE_HOME', () => path.join(home(), '.local', 'state')),
		'swarmlab',
	);

/** Consoles and logs of containers that programs start by `swarmlab/containers`, until they stop them. */
export const programs = path.join(state, 'programs');

/** Reservations of this host's memory and CPUs. Runs that must know of each other share it. `SWARMLAB_LEDGER` moves it. */
export const ledger = named('SWARMLAB_LEDGER') ?? path.join(state, 'ledger');

/** Sockets. Short, as a unix socket's path must stay under 108 bytes. `SWARMLAB_RUNTIME` moves it. */
export const runtime =
	named('SWARMLAB_RUNTIME') ??
	path.join(
		ofUser('XDG_RUNTIME_DIR', () => path.resolve('/', os.tmpdir())),
		`swarmlab-${process.getuid?.()}`,
	);

/** One folder per run: record, reports, consoles, evidence. `SWARMLAB_RUNS` moves it. */
export const runs = named('SWARMLAB_RUNS') ?? path.join(workspace, 'reports', 'runs');

/** In the folder of the runs: a symbolic link to the run that began last, for a CI that needs one fixed path. */
export const latest = 'latest';

/** Docker's own folder of contexts and certificates. `DOCKER_CONFIG` moves it. */
export const dockerConfig = path.resolve(variable('DOCKER_CONFIG') ?? path.join(home(), '.docker'));

/** Vagrant's own folder of boxes and plugins. `VAGRANT_HOME` moves it; a relative path is relative to the current folder. */
export const vagrantHome = path.resolve(variable('VAGRANT_HOME') ?? path.join(home(), '.vagrant.d'));
