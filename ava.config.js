/**
 * Two groups of tests. `unit` needs this project and a shell only. `machines` needs apt, gpg, QEMU, root's namespaces or a host of
 * processes: a file says so by its name (`*.machine.test.ts`), or lies in test/real/. SWARMLAB_TESTS chooses one; all without it.
 */
const folders = ['harness', 'reports', 'vagrant', 'test'];
const every = folders.map(folder => `${folder}/**/*.test.ts`);
const groups = {
	all: every,
	unit: [...every, '!**/*.machine.test.ts', '!test/real/**'],
	machines: [...folders.map(folder => `${folder}/**/*.machine.test.ts`), 'test/real/**/*.test.ts'],
};
const group = process.env.SWARMLAB_TESTS?.trim() || 'all';
if (!Object.hasOwn(groups, group)) {
	throw new Error(`SWARMLAB_TESTS: '${group}' is not valid. Valid: ${Object.keys(groups).join(', ')}.`);
}

/**
 * Two files at a time, those with real machines first and of them the longest: begun last, they would leave a CPU idle at
 * the end, and those that build for a while do so beside those that wait.
 */
const longest = ['main-job', 'vagrant', 'packaged-cloud', 'snapshots'].map(name => `test/real/${name}.test.ts`);

/** @param {string} file */
function place(file) {
	const index = longest.findIndex(each => file.endsWith(each));
	if (index >= 0) {
		return index;
	}

	return longest.length + (file.includes('/test/real/') ? 0 : file.endsWith('.machine.test.ts') ? 1 : 2);
}

export default {
	extensions: ['ts'],
	files: groups[/** @type {keyof typeof groups} */ (group)],
	concurrency: 2,
	// Longer than any command of a test may take: that one can say what it was doing.
	timeout: '60m',
	/** @type {(one: string, other: string) => number} */
	sortTestFiles: (one, other) => place(one) - place(other) || one.localeCompare(other),
};
