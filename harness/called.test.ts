import test from 'ava';
import {asTyped, type Call, helpOf, programOf} from './called.ts';

const door = `${import.meta.dirname}/swarmlab.js`;
const project = `${import.meta.dirname}/..`.replace(/\/harness\/\.\.$/, '');
const bin = `${project}/node_modules/.bin`;
const npm = (command: string, event: string, script: string) => ({
	npm_command: command,
	npm_lifecycle_event: event,
	npm_lifecycle_script: script,
});

const calls: [how: string, call: Partial<Call>, program: string][] = [
	['npx swarmlab', {file: `${bin}/swarmlab`, env: npm('exec', 'npx', 'swarmlab "plan"')}, 'npx --no swarmlab'],
	[
		'npm run swarmlab',
		{file: door, env: npm('run-script', 'swarmlab', 'node harness/swarmlab.js')},
		'npm run swarmlab --',
	],
	['npm start', {file: door, env: npm('start', 'start', 'node harness/swarmlab.js run')}, 'npx --no swarmlab'],
	['node and the file', {file: door}, 'node harness/swarmlab.js'],
	['node and cli.ts', {file: `${project}/harness/cli.ts`}, 'node harness/swarmlab.js'],
	['node from inside of harness', {file: door, cwd: `${project}/harness`}, 'node ./swarmlab.js'],
	['node from elsewhere', {file: door, cwd: '/'}, `node ${door.slice(1)}`],
	['node from beside', {file: door, cwd: '/nowhere'}, `node ${door}`],
	['the link of npm ci', {file: `${bin}/swarmlab`, env: {PATH: '/bin'}}, 'npx --no swarmlab'],
	['a link on PATH', {file: '/opt/bin/swarmlab', env: {PATH: '/bin:/opt/bin'}}, 'swarmlab'],
	['a link that is on no PATH', {file: '/opt/my bin/swarmlab', env: {PATH: '/bin'}}, "'/opt/my bin/swarmlab'"],
	[
		"pnpm's shim",
		{file: '/srv/node_modules/.pnpm/swarmlab@0.1.0/node_modules/swarmlab/dist/harness/swarmlab.js', cwd: '/srv'},
		'pnpm exec swarmlab',
	],
	['a test that npx started', {file: `${bin}/ava`, env: npm('exec', 'npx', 'ava')}, 'node harness/swarmlab.js'],
	['a scenario file by itself', {file: `${project}/scenarios/vip.ts`}, 'node harness/swarmlab.js'],
];

for (const [how, call, program] of calls) {
	test(`called by ${how}, it is called again by ${program}`, t => {
		t.is(programOf({cwd: project, env: {}, ...call}), program);
	});
}

const texts: [text: string, shown: string][] = [
	['swarmlab doctor --fix', 'npx --no swarmlab doctor --fix'],
	["Choose one of 'swarmlab kernels' by --kernel", "Choose one of 'npx --no swarmlab kernels' by --kernel"],
	['swarmlab down, or swarmlab down --all', 'npx --no swarmlab down, or npx --no swarmlab down --all'],
	['If that process is not swarmlab any more', 'If that process is not swarmlab any more'],
	['npx swarmlab plan', 'npx swarmlab plan'],
	['npx --no swarmlab plan', 'npx --no swarmlab plan'],
	['See /srv/swarmlab run by hand', 'See /srv/swarmlab run by hand'],
];

for (const [text, shown] of texts) {
	test(`"${text}" is shown as "${shown}"`, t => {
		t.is(asTyped(text, 'npx --no swarmlab'), shown);
	});
}

test('the help that is named is that of the command that was typed', t => {
	t.is(helpOf(['plan', '--kernel', '']), 'swarmlab plan --help');
	t.is(helpOf(['plam']), 'swarmlab --help');
	t.is(helpOf([]), 'swarmlab --help');
});
