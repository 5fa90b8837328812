/** The process that builds beside a run: it ends with its task, on demand, and with the process that started it. */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {cellOf, ownPlaces} from './fixtures/in-memory.ts';

const places = ownPlaces();
const {buildBeside} = await import('./build-beside.ts');
const {readLeases} = await import('../processes/leases.ts');
test.after.always(() => fs.rmSync(places, {recursive: true, force: true}));

/** Processes that build, of these places only. */
function building(): string[] {
	return fs.readdirSync('/proc').filter(pid => {
		try {
			return (
				/^\d+$/.test(pid) &&
				fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('build-process.ts') &&
				fs.readFileSync(`/proc/${pid}/environ`, 'utf8').includes(places)
			);
		} catch {
			return false;
		}
	});
}

async function until(is: () => boolean): Promise<void> {
	for (let looks = 0; !is(); looks++) {
		if (looks > 1200) {
			throw new Error(`Not in a minute: ${building().join()}, ${JSON.stringify(readLeases())}`);
		}

		await delay(50);
	}
}

test.serial('it ends by itself when everything is built, and leaves no lease', async t => {
	buildBeside([]);
	await until(() => building().length === 1);
	await until(() => building().length === 0);
	t.deepEqual(readLeases(), []);
});

test.serial('it ends when it is asked to', async t => {
	const stop = buildBeside([cellOf('memory-x')]);
	await stop();
	t.deepEqual(building(), []);
	t.deepEqual(readLeases(), []);
});

test.serial('it ends when the process that started it is killed, and removes its lease', async t => {
	const script = path.join(import.meta.dirname, 'build-process.ts');
	// Its input stays open, and nothing comes.
	const holder = spawn('sleep', ['1000'], {stdio: ['ignore', 'pipe', 'ignore']});
	const child = spawn(process.execPath, [script], {stdio: [holder.stdout, 'ignore', 'ignore'], detached: true});
	await until(() => readLeases().length === 1);
	holder.kill('SIGKILL');
	await until(() => child.exitCode !== null);
	t.is(child.exitCode, 0);
	t.deepEqual(building(), []);
	t.deepEqual(readLeases(), []);
});
