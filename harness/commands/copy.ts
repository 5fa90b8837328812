/** `swarmlab cp`: files to and from the machines of a cell that is up. */
import fs from 'node:fs';
import path from 'node:path';
import {HarnessError, UsageError} from '../errors.ts';
import type {Register} from './command.ts';
import {type Place, placesOf} from './copy-places.ts';

const examples = `
Examples:
  swarmlab cp m1:/var/log/dockerd.log .
  swarmlab cp ./daemon.json w1:/etc/docker/daemon.json
  swarmlab cp m1:/root/net w1:/root/                     a folder, from one node to another`;

export const registerCopy: Register = program => {
	program
		.command('cp')
		.summary('copy files to and from the machines that are up')
		.description(
			'Copies a file or a folder to a machine of a cell that is up, from it, or from one to another. A place on a machine is NODE:PATH; if it is a folder that exists, the copy goes into it.',
		)
		.argument('<from>', 'NODE:PATH, or a path on this host')
		.argument('<to>', 'NODE:PATH, or a path on this host')
		.option('--cell <text>', 'the cell or run that this means, as for `run --cell` (default: the newest that is up)')
		.addHelpText('after', examples)
		.action(async (from: string, to: string, {cell}: {cell?: string}) => {
			const [source, target] = placesOf(from, to);
			const {findMachine, findUp} = await import('../run/by-hand.ts');
			const {matches} = await import('../match.ts');
			const up = findUp(cell, matches);
			const {connect} = await import('../machine/index.ts');
			const machineAt = async ({node}: Place) => (node === undefined ? undefined : connect(findMachine(up, node)));
			requireLocal(source, target);
			const [there, here] = [await machineAt(source), await machineAt(target)];
			if (there && here) {
				await between(async kept => {
					await there.copyFrom(source.path, kept);
					await here.copyTo(kept, target.path);
				}, source.path);
			} else if (there) {
				await there.copyFrom(source.path, target.path);
			} else {
				await here!.copyTo(source.path, target.path);
			}
		});
};

/** Throws UsageError if what is to be copied, or the folder that it goes to, is not on this host. */
function requireLocal(source: Place, target: Place): void {
	if (source.node === undefined && !fs.existsSync(source.path)) {
		throw new UsageError(`There is no ${source.path} on this host.`, {remedy: 'A place on a machine is NODE:PATH.'});
	}

	const folder = path.dirname(path.resolve(target.path));
	if (target.node === undefined && !fs.existsSync(folder)) {
		throw new UsageError(`There is no folder ${folder} on this host.`, {remedy: 'Make it, or name another place.'});
	}
}

/** Keeps the copy on this host, under the name that it has on the machine, while it is on its way. */
async function between(copy: (kept: string) => Promise<void>, name: string): Promise<void> {
	const folder = fs.mkdtempSync(path.join((await import('node:os')).tmpdir(), 'swarmlab-cp-'));
	try {
		await copy(path.join(folder, path.posix.basename(name)));
	} catch (error) {
		throw error instanceof HarnessError ? error : new HarnessError((error as Error).message, {cause: error});
	} finally {
		fs.rmSync(folder, {recursive: true, force: true});
	}
}
