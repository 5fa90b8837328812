import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {HostError, UsageError} from '../errors.ts';
import {sampleRun} from '../record/fixtures/sample-run.ts';
import {summarise} from '../record/summary/summarise.ts';
import {giveOn, requireOutput} from './results.ts';

const summary = summarise(sampleRun());

async function places(t: ExecutionContext): Promise<{run: string; output: string}> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-output-'));
	const run = path.join(folder, 'run');
	fs.mkdirSync(path.join(run, 'cells/a'), {recursive: true});
	fs.writeFileSync(path.join(run, 'run.jsonl'), '');
	fs.writeFileSync(path.join(run, 'cells/a/console.log'), 'booted');
	const server = net.createServer().listen(path.join(run, 'cells/a/s'));
	await new Promise(resolve => server.once('listening', resolve));
	t.teardown(() => {
		server.close();
		fs.rmSync(folder, {recursive: true});
	});
	return {run, output: path.join(folder, 'deep/out')};
}

test('the run is copied with its evidence and without its sockets, and replaces an earlier one', async t => {
	const {run, output} = await places(t);
	fs.mkdirSync(output, {recursive: true});
	fs.writeFileSync(path.join(output, 'run.jsonl'), 'old');
	fs.writeFileSync(path.join(output, 'old'), '');
	requireOutput({output});
	await giveOn({output}, run, summary);
	t.deepEqual(fs.globSync('**/*', {cwd: output}).sort(), ['cells', 'cells/a', 'cells/a/console.log', 'run.jsonl']);
	t.is(fs.readFileSync(path.join(output, 'run.jsonl'), 'utf8'), '');
});

test('a folder with files of others, a file and an empty name are refused before the run', async t => {
	const {output} = await places(t);
	requireOutput({});
	requireOutput({output});
	fs.mkdirSync(output, {recursive: true});
	requireOutput({output});
	const own = path.join(output, 'thesis.tex');
	fs.writeFileSync(own, '');
	t.throws(() => requireOutput({output}), {instanceOf: UsageError, message: /is there, and no run/});
	t.throws(() => requireOutput({output: own}), {instanceOf: UsageError, message: /is there, and no run/});
	t.throws(() => requireOutput({output: ' '}), {instanceOf: UsageError, message: "--output: '' is no folder."});
});

test('what cannot be written is reported with where the run is', async t => {
	const {run} = await places(t);
	const below = path.join(run, 'run.jsonl', 'out');
	const error = await t.throwsAsync(giveOn({output: below}, run, summary), {instanceOf: HostError});
	t.true((error as HostError).remedy!.endsWith(`The run is in ${run}.`));
});
