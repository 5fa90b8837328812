import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {openDocker} from './docker.ts';

/** Answers every request with its own name. */
async function listen(t: {teardown: (end: () => void) => void}, where: string | number, name: string) {
	const server = http.createServer((_, response) =>
		response.setHeader('content-type', 'application/json').end(JSON.stringify({Name: name})),
	);
	await new Promise<void>(resolve => {
		server.listen(where, resolve);
	});
	t.teardown(() => server.close());
	return server.address();
}

test.serial('the engine of a machine is asked, not the daemon that DOCKER_HOST names', async t => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sl-client-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true}));
	const socket = path.join(folder, 'docker.sock');
	await listen(t, socket, 'the machine');
	const other = await listen(t, 0, 'another');
	const {port} = other as {port: number};
	const before = {...process.env};
	t.teardown(() => {
		process.env = before;
	});
	Object.assign(process.env, {DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_CERT_PATH: '/nowhere'});
	const docker = openDocker({engine: {socket}});
	t.is((await docker.info()).Name, 'the machine');
	t.is(process.env.DOCKER_HOST, `tcp://127.0.0.1:${port}`, 'the environment is as before');
});
