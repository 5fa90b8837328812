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

	return longest.length + (file.includes('/test/real/') ? 0 : 1);
}

export default {
	extensions: ['ts'],
	files: ['harness/**/*.test.ts', 'reports/**/*.test.ts', 'vagrant/**/*.test.ts', 'test/**/*.test.ts'],
	concurrency: 2,
	// Longer than any command of a test may take: that one can say what it was doing.
	timeout: '60m',
	/** @type {(one: string, other: string) => number} */
	sortTestFiles: (one, other) => place(one) - place(other) || one.localeCompare(other),
};
