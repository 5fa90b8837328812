/** Where swarmlab keeps things on this host. Every path has its home here. Imports nothing of ours. */
import os from 'node:os';
import path from 'node:path';

/** The project's own folder. */
export const project = path.resolve(import.meta.dirname, '..');

/**
 * Artifacts, by content, and which accelerators work here. May be deleted at any time no run is under way. `SWARMLAB_CACHE`
 * moves it.
 */
export const cache =
	process.env.SWARMLAB_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'swarmlab');

/** Node's own cache of compiled sources. */
export const compiled = path.join(cache, 'compiled');

/** What is up right now: one lease per cell, so that `gc` works after a crash. `SWARMLAB_STATE` moves it. */
export const state =
	process.env.SWARMLAB_STATE ??
	path.join(process.env.XDG_STATE_HOME ?? path.join(os.homedir(), '.local', 'state'), 'swarmlab');

/** What is promised of this host's memory and CPUs. Runs that are to know of each other share it. `SWARMLAB_LEDGER` moves it. */
export const ledger = process.env.SWARMLAB_LEDGER ?? path.join(state, 'ledger');

/** Sockets. Short, as a unix socket's path must stay under 108 bytes. `SWARMLAB_RUNTIME` moves it. */
export const runtime =
	process.env.SWARMLAB_RUNTIME ??
	path.join(process.env.XDG_RUNTIME_DIR ?? os.tmpdir(), `swarmlab-${os.userInfo().uid}`);

/** One folder per run: record, reports, consoles, evidence. `SWARMLAB_RUNS` moves it. */
export const runs = process.env.SWARMLAB_RUNS ?? path.join(project, 'reports', 'runs');
