/** Files that another version, an edit or a full disk left: each command tells what is wrong, and does what it can. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {packageRoot} from '../package.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-damaged-'));
const places = Object.fromEntries(
	['CACHE', 'STATE', 'RUNTIME', 'RUNS', 'LEDGER'].map(name => [
		`SWARMLAB_${name}`,
		path.join(folder, name.toLowerCase()),
	]),
);

function write(file: string, value: unknown): string {
	const whole = path.join(folder, file);
	fs.mkdirSync(path.dirname(whole), {recursive: true});
	fs.writeFileSync(whole, JSON.stringify(value));
	return whole;
}

async function swarmlab(...words: string[]) {
	return execa(process.execPath, [path.join(packageRoot, 'harness/cli.ts'), ...words], {
		env: places,
		reject: false,
		all: true,
	});
}

test.after.always(() => fs.rmSync(folder, {recursive: true}));

test.before(() => {
	const lease = {id: 'run-1', owner: {pid: 1, startedAt: '1'}, createdAt: '2026', kept: true, folders: []};
	const cells = ['empty', 'null', 'list'].map((name, index) => write(`cells/${name}.json`, [{}, null, []][index]));
	write('state/leases/whole.json', {...lease, cells});
	for (const [index, value] of [{}, null, [], 'x', {...lease, createdAt: 5, cells}, {...lease}].entries()) {
		write(`state/leases/damaged-${index}.json`, value);
		write(`ledger/damaged-${index}.json`, value);
		write(`state/docker-hosts/damaged-${index}.json`, value);
	}
});

test('gc tells of leases that it cannot read, and goes on', async t => {
	const {exitCode, stdout, stderr} = await swarmlab('gc', '--dry-run');
	t.is(exitCode, 0, stderr);
	t.is(stdout, 'nothing was left behind');
	t.is(
		stderr.match(/^warning: .*damaged-\d\.json is damaged: .* Delete the file when no run is up\.$/gm)?.length,
		6,
		stderr,
	);
	t.regex(stderr, /damaged-4\.json is damaged: createdAt is not a text\./);
});

test('down tells of cells that it cannot read, and of the command that takes them down', async t => {
	const {exitCode, stdout, stderr} = await swarmlab('down');
	t.is(exitCode, 0, stderr);
	t.is(stdout, 'nothing is up');
	t.is(
		stderr.match(/^warning: .*json is damaged: .*swarmlab\.?\S* gc --all takes its machines down\.$/gm)?.length,
		3,
		stderr,
	);
});

test('exec finds no cell in what is damaged', async t => {
	const {exitCode, stderr} = await swarmlab('exec', 'm1', '--', 'true');
	t.is(exitCode, 64, stderr);
	t.regex(stderr, /No cell is up/);
});

for (const [what, index, said] of [
	['an empty object', {}, /index\.json is damaged: schema is missing, takenAt is missing/],
	['null', null, /index\.json is damaged: it is not an object\./],
	[
		'a newer version',
		{schema: 9, takenAt: '', seconds: 1, reason: '', nodes: [], entries: []},
		/has schema 9, .*a newer one wrote it/,
	],
	[
		'nodes without a name',
		{schema: 1, takenAt: '', seconds: 1, reason: '', nodes: [{}], entries: []},
		/nodes\[0\]\.name is missing/,
	],
] as const) {
	test(`diagnose of evidence whose index is ${what} tells what is wrong with it`, async t => {
		const file = write(`evidence-${what}/index.json`, index);
		const {exitCode, all} = await swarmlab('diagnose', path.dirname(file));
		t.is(exitCode, 2, all);
		t.regex(all, said);
		t.notRegex(all, /flatMap|undefined/);
	});
}
