/** `swarmlab show`: where the page of a run is, or the page itself for a browser. */
import {once} from 'node:events';
import fs from 'node:fs';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import {HostError, UsageError} from '../errors.ts';
import {displayPath} from '../shown.ts';
import {print, printAnswer, type Register} from './command.ts';

const examples = `
Examples:
  swarmlab show           the page of the last run
  swarmlab show --serve   for a browser, until Ctrl-C; from elsewhere: ssh -L 8080:127.0.0.1:8080 THIS-HOST, and --port 8080`;

export const registerShow: Register = program => {
	program
		.command('show')
		.summary('print where the page of a run is, or serve it')
		.description(
			'Prints the path of the page of a run. With --serve, serves the folder of the run to browsers of this host.',
		)
		.argument('[run]', 'folder of the run, its run.jsonl, its id, the beginning of its id, or latest', 'latest')
		.option('--serve', 'serve it on 127.0.0.1 until Ctrl-C, and print the address')
		.option('--port <n>', 'of --serve: the port (default: one that is free)')
		.addHelpText('after', examples)
		.action(async (run: string, {serve, port}: {serve?: boolean; port?: string}) => {
			const {findRun} = await import('../record/find.ts');
			const number = portOf(port, serve);
			const folder = findRun(run);
			const page = path.join(folder, 'index.html');
			if (!fs.existsSync(page)) {
				const shown = displayPath(process.cwd(), folder) || '.';
				throw new UsageError(`The run in ${shown} has no page yet.`, {remedy: `swarmlab report ${shown}`});
			}

			if (serve) {
				await serveUntilEnded(folder, number);
			} else {
				printAnswer(page);
			}
		});
};

function portOf(port: string | undefined, serve = false): number {
	if (port !== undefined && !serve) {
		throw new UsageError('--port is of --serve.', {remedy: 'swarmlab show --serve --port 8080'});
	}

	if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
		throw new UsageError(`--port: '${port}' is not valid. Valid: a whole number from 1 to 65535.`, {
			remedy: 'Leave it out to get a port that is free.',
		});
	}

	return Number(port ?? 0);
}

async function serveUntilEnded(folder: string, port: number): Promise<void> {
	const {createPageServer} = await import('../../reports/serve.ts');
	const server = createPageServer(folder);
	try {
		await once(server.listen(port, '127.0.0.1'), 'listening');
	} catch (cause) {
		throw new HostError(`127.0.0.1:${port} cannot be used: ${(cause as Error).message}.`, {
			remedy: 'Name another --port, or leave it out.',
			cause,
		});
	}

	printAnswer(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
	print('Ctrl-C ends it.');
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
	await Promise.race(signals.map(async name => once(process, name)));
	server.closeAllConnections();
	server.close();
}
