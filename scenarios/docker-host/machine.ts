/**
 * A machine as the Docker host, for containers whose Docker host at hand has a kernel without ip_vs: they have the kernel of the
 * machine. The images of nodes are part of the machine's fixture snapshot, as their import takes a minute and more under emulation.
 * See docs/providers.md.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {text} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {fixture, type Machine, scenario} from 'swarmlab';

/** Seconds, for a host that is busy with other things. Idle: a fifth of it. */
const limits = {import: 600, run: 1200};

const command = fileURLToPath(new URL('../swarmlab.js', import.meta.resolve('swarmlab')));

const claims = ['vip', 'mesh'].map(name => fileURLToPath(new URL(`../${name}.ts`, import.meta.url)));

/** What nodes of containers get, in MiB: they share the memory of the machine. */
const memory = '512';

const imagesOfNodes = fixture('a Docker host with the images of nodes', async ({manager}) => {
	const size = ['--workers', '0', '--memory', memory];
	await swarmlab(manager, ['up', '--provider', 'container', ...size, '--no-install'], limits.import);
	await swarmlab(manager, ['down'], limits.import);
	return {};
});

scenario(
	'containers on a machine as their Docker host prove the claims about virtual addresses and the routing mesh',
	{kernel: ['ip_vs'], fixture: imagesOfNodes, limit: 2 * limits.import + limits.run},
	async (t, {manager}) => {
		t.log(`DOCKER_HOST=${urlOf(manager)}`);
		const words = ['run', ...claims, '--provider', 'container', '--memory', memory, '--no-install'];
		const {exitCode, output} = await swarmlab(manager, words, limits.run);
		t.log(output);
		t.is(exitCode, 0, output);
		t.notRegex(output, /\d skipped/);
	},
);

/** How Docker's command line, and the provider, reach the engine of a machine. */
function urlOf({handle}: Machine): string {
	return `unix://${handle.engine.socket}`;
}

/**
 * Runs swarmlab with this machine as its Docker host. Throws Error unless it ends with 0 or, for a run whose claims are proven
 * and at least one of them refuted, with 1.
 * @param limit seconds
 */
async function swarmlab(
	machine: Machine,
	words: readonly string[],
	limit: number,
): Promise<{exitCode: number; output: string}> {
	// It has a lease of its own: it ends in order, and not with the processes of this run.
	const {SWARMLAB_LEASE: _, DOCKER_TLS_VERIFY: __, ...own} = process.env;
	// What its nodes take is the machine's, for which this run has reserved it.
	const folder = await mkdtemp(path.join(tmpdir(), 'swarmlab-ledger-'));
	const child = spawn(process.execPath, [command, ...words], {
		env: {...own, SWARMLAB_LEDGER: path.join(folder, 'ledger'), DOCKER_HOST: urlOf(machine)},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const timer = setTimeout(() => child.kill('SIGINT'), limit * 1000);
	try {
		const [out, err, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
		const output = `${out}${err}`;
		if (exitCode !== 0 && !(exitCode === 1 && words[0] === 'run')) {
			const last = output.trimEnd().split('\n').at(-1);
			throw new Error(`swarmlab ${words.join(' ')} ended with ${exitCode}: ${last}\n${output}`);
		}

		return {exitCode: exitCode as number, output};
	} finally {
		clearTimeout(timer);
		await rm(folder, {recursive: true, force: true});
	}
}
