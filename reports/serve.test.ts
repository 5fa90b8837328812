/** The files of a run for a browser of this host, and nothing else. */
import {once} from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type {AddressInfo} from 'node:net';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {createPageServer} from './serve.ts';

/** Asks with the path as it is written: fetch would resolve dots before. */
async function get(port: number, url: string, {host = `127.0.0.1:${port}`, method = 'GET'} = {}) {
	const request = http.request({port, host: '127.0.0.1', path: url, method, headers: {host}}).end();
	const [response] = (await once(request, 'response')) as [http.IncomingMessage];
	let body = '';
	for await (const chunk of response) {
		body += String(chunk);
	}

	return {status: response.statusCode, type: response.headers['content-type'], body};
}

test('the page and its files are served, and nothing outside of the folder', async t => {
	const root = fs.mkdtempSync(path.join(os.tmpdir(), 'serve-'));
	const run = path.join(root, 'run');
	fs.mkdirSync(path.join(run, 'cells/one'), {recursive: true});
	fs.writeFileSync(path.join(run, 'index.html'), '<h1>run</h1>');
	fs.writeFileSync(path.join(run, 'cells/one/a b.log'), 'booted <script>');
	fs.writeFileSync(path.join(run, 'empty'), '');
	fs.writeFileSync(path.join(root, 'secret'), 'secret');
	fs.symlinkSync(path.join(root, 'secret'), path.join(run, 'link'));
	const server = createPageServer(run).listen(0, '127.0.0.1');
	t.teardown(() => {
		server.close();
		fs.rmSync(root, {recursive: true});
	});
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;

	t.deepEqual(await get(port, '/'), {status: 200, type: 'text/html; charset=utf-8', body: '<h1>run</h1>'});
	t.like(await get(port, '/cells/one/a%20b.log'), {
		status: 200,
		type: 'text/plain; charset=utf-8',
		body: 'booted <script>',
	});
	t.like(await get(port, '/empty'), {status: 200, body: ''});
	t.like(await get(port, '/', {method: 'HEAD'}), {status: 200, body: ''});
	for (const url of ['/../secret', '/%2e%2e/secret', '/..%2fsecret', '/link', '/cells', '/nothing', '/%', '//secret']) {
		const {status, body} = await get(port, url);
		t.is(status, 404, url);
		t.notRegex(body, /^secret/, url);
	}

	t.is((await get(port, '/', {host: 'evil.example'})).status, 403);
	t.is((await get(port, '/', {method: 'POST'})).status, 405);
});
