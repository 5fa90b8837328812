/**
 * The kinds of stack: a row each. On the path from a machine to results they differ in nothing else: all have a user
 * `stack` and a tree /opt/stack/devstack with stack.sh, unstack.sh, exercise.sh and exercises/*.sh that keep DevStack's
 * contract.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {StackKind} from '../model/index.ts';

export interface Kind {
	/** What a reader of results must know. */
	what: string;
	/** What the machine's disk is: that of the cell's engine, or one with OpenStack's packages. */
	disk: 'engine' | 'cloud';
	/** Folder of this host that is carried in as the tree; without one it is cloned on the machine. */
	tree?: string;
	/** What the machine needs at least. */
	memory: number;
	cpus: number;
	/** Seconds that stack.sh may take. */
	limit: number;
	/** Exercises, where these are not those of a release. */
	exercises?: readonly string[];
	/** Whose contract the tree keeps, where it has no release of its own. */
	keeps?: string;
	/** Why it is not run on this provider, in one sentence. */
	notHere?: string;
}

const rehearsal = path.join(import.meta.dirname, 'rehearsal');
const packaged = path.join(import.meta.dirname, 'packaged');

/** The exercises of a tree of ours, as its exercise.sh takes them. */
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
		// What its own documentation asks for ("4GB or more") and what its gate has, in between.
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
