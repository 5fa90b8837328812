import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Two groups of tests. `unit` needs only Node and a shell. `machines` needs apt, gpg, QEMU, namespaces of root, or many processes:
 * its files are named `*.machine.test.ts`, or are in test/real/. SWARMLAB_TESTS chooses a group; without it, all tests run.
 */
const folders = ['harness', 'reports', 'vagrant', 'test'];
// A run keeps the files of its scenarios in reports/runs.
const every = [...folders.map(folder => `${folder}/**/*.test.ts`), '!reports/runs/**'];
const groups = {
	all: every,
	unit: [...every, '!**/*.machine.test.ts', '!test/real/**'],
	machines: [
		...folders.map(folder => `${folder}/**/*.machine.test.ts`),
		'test/real/**/*.test.ts',
		'!reports/runs/**',
	],
};
const group = process.env.SWARMLAB_TESTS?.trim() || 'all';
if (!Object.hasOwn(groups, group)) {
	throw new Error(`SWARMLAB_TESTS: '${group}' is not valid. Valid: ${Object.keys(groups).join(', ')}.`);
}

/**
 * Two files run at a time. The longest comes first, as it would run alone at the end, with one CPU idle. Then come the tests that
 * are never left out (see test/real/real-test.ts), and then the other files with real machines.
 */
const first = ['test/real/main-job.test.ts'];
const next = ['vagrant', 'snapshots', 'container-devstack', 'container.test'].map(name => `test/real/${name}`);

/** @param {string} file */
function place(file) {
	const index = next.findIndex(each => file.includes(each));
	if (first.some(each => file.endsWith(each))) {
		return 0;
	}

	if (!file.includes('/test/real/')) {
		return file.endsWith('.machine.test.ts') ? 1 : 2;
	}

	return 3 + (index < 0 ? next.length : index);
}

/**
 * What tests write to the folder for temporary files goes into one folder, which is deleted when AVA ends. Its path is short, as
 * sockets are made in it, and every user may enter it, as libvirt's machines run as another one. A folder in which something is
 * still mounted stays.
 */
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 't'));
fs.chmodSync(temporary, 0o1777);
process.on('exit', () => {
	if (!fs.readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${temporary}/`)) {
		fs.rmSync(temporary, {recursive: true, force: true});
	}
});

export default {
	// Processes find what others of the run have compiled: a quarter of the time of a test file was spent on removing types.
	environmentVariables: {
		...{TMPDIR: temporary, NODE_COMPILE_CACHE: path.join(temporary, 'compiled')},
		// For real-test.ts: milliseconds since the epoch, and minutes (none: every file is run).
		...{SWARMLAB_TESTS_STARTED_AT: String(Date.now()), SWARMLAB_TESTS_LIMIT: process.env.SWARMLAB_TESTS_LIMIT ?? ''},
	},
	extensions: ['ts'],
	files: groups[/** @type {keyof typeof groups} */ (group)],
	concurrency: 2,
	// A process for each file, not a thread of one process: Node removes types by WebAssembly, and with several threads that use it,
	// V8 of Node 24 frees code that another thread still uses. The whole run then ended with a segmentation fault.
	workerThreads: false,
	// Longer than the limit of any command in a test: the error of the command says what it was doing.
	timeout: '60m',
	/** @type {(one: string, other: string) => number} */
	sortTestFiles: (one, other) => place(one) - place(other) || one.localeCompare(other),
};
