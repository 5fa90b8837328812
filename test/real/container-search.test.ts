/** Compare and bisect on containers of a real Docker host. */
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {TestFn} from 'ava';
import {type DockerHost, nothingIsLeftOn, placesOn, startDockerHost} from './docker-host.ts';
import {forget, swarmlab} from './lab.ts';
import anyTest from './real-test.ts';

const test = anyTest as TestFn<{host: DockerHost}>;
const claims = fileURLToPath(new URL('fixtures/by-variant.ts', import.meta.url));

test.before(async t => {
	t.context.host = await startDockerHost();
});

test.after.always(async t => {
	await t.context.host?.end();
});

test.serial(
	'two variants are run and compared, the state says which sysctl differs; and a step of git gets its code',
	async t => {
		const {host} = t.context;
		const places = placesOn(t, host);
		const config = path.join(places.root, 'variants.config.ts');
		fs.writeFileSync(
			config,
			`export default ${JSON.stringify({variants: [{id: 'filtered', sysctl: {'net.ipv4.conf.all.rp_filter': '2'}}]})};\n`,
		);
		const options = [
			'--config',
			config,
			'--provider',
			'container',
			'--docker',
			'28.5',
			'--no-install',
			'--memory',
			'512',
			'--managers',
			'1',
			'--workers',
			'0',
		];
		const {exitCode, stdout, all} = await swarmlab(
			['compare', claims, ...options, '--variant', 'none,filtered', '--json'],
			places,
		);
		t.is(exitCode, 0, all);
		const [{differences}] = JSON.parse(stdout) as [
			{
				differences: {
					title: string;
					kind: string;
					state: {
						explanations: unknown[];
						alsoAlike: {topic: string; facts: {key: string; a: {value: string}[]; b: {value: string}[]}[]}[];
					};
				}[];
			},
		];
		t.deepEqual(
			differences.map(({title, kind}) => [title, kind]),
			[['the node answers to packets from anywhere', 'verdict']],
		);
		// The other claim comes out alike, and its nodes have the variant, too.
		const [first, ...more] = differences[0]!.state.alsoAlike;
		t.is(more.length, 0, all);
		t.is(first!.topic, 'sysctl', all);
		t.deepEqual(
			first!.facts.map(({key, a, b}) => [key, a[0]!.value, b[0]!.value]),
			[['net.ipv4.conf.all.rp_filter', '0', '2']],
		);

		// The same tries decide a commit: it fails twice.
		const step = await swarmlab(
			['bisect', '--git', claims, '--filter', 'packets from anywhere', ...options, '--variant', 'filtered'],
			places,
		);
		t.is(step.exitCode, 1, step.all);
		await nothingIsLeftOn(t, host, places);
		forget(places);
	},
);
