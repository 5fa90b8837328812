/** A test is a unit test unless its name says that it needs more. What needs more is known by what it imports or starts. */
import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {packageRoot} from '../harness/package.ts';

const files = globSync('{harness,reports,vagrant,test}/**/*.test.ts', {cwd: packageRoot, exclude: ['reports/runs/**']})
	.filter(file => !file.startsWith('test/real/') && file !== 'test/groups.test.ts')
	.sort();

/** What only a machine test does, as its text shows it. */
const needy: [shows: RegExp, why: string][] = [
	[/local-archive\.ts'/, 'makes archives of packages by apt and gpg'],
	[/(?:detectPackageSettings|openHostPackages)\(/, 'asks the apt of this host'],
	[/harness\/cli\.ts'\)/, 'starts the command'],
	[/\bplanScenarios\(|\brunScenarios\(|\bloadConfig\(/, "starts a process for a user's files"],
	[/\bbootOnce\b|'qemu-system-x86_64', \[|\bqemuVersion\(/, 'starts QEMU'],
	[/execa(?:Sync)?\(\s*'(?:unshare|mount|cpio|apt-\w+|gpg|dpkg-deb)'/, 'starts a tool that a host may lack'],
];

test('what takes apt, QEMU, root or many processes is named so', t => {
	t.true(files.length > 80);
	const wrong = files
		.filter(file => !file.endsWith('.machine.test.ts'))
		.flatMap(file => {
			const text = readFileSync(path.join(packageRoot, file), 'utf8');
			return needy
				.filter(([shows]) => shows.test(text))
				.map(([, why]) => `${file} ${why}: rename it to *.machine.test.ts`);
		});
	t.deepEqual(wrong, []);
});

test('each way in which a machine test is known is one that such a test shows', t => {
	const texts = files
		.filter(file => file.endsWith('.machine.test.ts'))
		.map(file => readFileSync(path.join(packageRoot, file), 'utf8'));
	for (const [shows, why] of needy) {
		t.true(
			texts.some(text => shows.test(text)),
			why,
		);
	}
});
