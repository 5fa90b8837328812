/**
 * The kinds of stack, one row each. They differ in nothing else between machine and results: all have a user `stack` and a tree
 * /opt/stack/devstack with stack.sh, unstack.sh, exercise.sh and exercises/*.sh that keep DevStack's contract.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {StackKind} from '../model/index.ts';

export interface Kind {
	/** What a reader of results must know. */
	what: string;
	/** The machine's disk: the disk of the cell's engine, or a disk with OpenStack's packages. */
	disk: 'engine' | 'cloud';
	/** Folder on this host that is copied to the machine as the tree. Without it, the machine clones the tree. */
	tree?: string;
	/** The machine's minimum: memory in MiB, and CPUs. */
	memory: number;
	cpus: number;
	/** Seconds that stack.sh may take. */
	limit: number;
	/** Its exercises, if they differ from those of the release. */
	exercises?: readonly string[];
	/** The release whose contract the tree keeps, if the tree has no release of its own. */
	keeps?: string;
	/** Why machines of swarmlab cannot run it, in one sentence. */
	notHere?: string;
}

const rehearsal = path.join(import.meta.dirname, 'rehearsal');
const packaged = path.join(import.meta.dirname, 'packaged');

/** Returns the exercises of one of our trees, in the order in which its exercise.sh runs them. */
function exercisesIn(folder: string): string[] {
	const names = fs.readdirSync(path.join(folder, 'exercises')).filter(name => name.endsWith('.sh'));
	return names.map(name => path.basename(name, '.sh')).sort();
}

export const kinds: Record<StackKind, Kind> = {
	rehearsal: {
		what: 'a rehearsal tree of swarmlab: it proves the harness, there is no OpenStack in it',
		disk: 'engine',
		tree: rehearsal,
		memory: 1024,
		cpus: 1,
		limit: 300,
		exercises: exercisesIn(rehearsal),
		keeps: 'mitaka',
	},
	packaged: {
		what: "a cloud of the distribution's own OpenStack packages, not DevStack",
		disk: 'cloud',
		tree: packaged,
		memory: 2048,
		cpus: 2,
		limit: 1800,
		exercises: exercisesIn(packaged),
		keeps: 'mitaka',
	},
	devstack: {
		what: 'DevStack itself',
		disk: 'engine',
		// Between what its documentation asks for ("4GB or more") and what its gate has.
		memory: 8192,
		cpus: 4,
		// 2574 s in the field notes, on hardware; the gate gives a whole job 7200 s.
		limit: 10_800,
		notHere:
			'DevStack wants a machine with systemd and a way to git and PyPI, and the machines of swarmlab have neither',
	},
};

export const home = '/opt/stack';
export const tree = `${home}/devstack`;
