import {once} from 'node:events';
import http from 'node:http';
import type {AddressInfo} from 'node:net';
import test from 'ava';
import {HostError} from '../../errors.ts';
import {factsOf, readInfo} from './daemon-info.ts';

const answers: Record<string, [status: number, type: string, body: string]> = {
	'a page': [200, 'text/html', '<html>hello</html>'],
	nothing: [200, 'text/plain', ''],
	'data of something else': [200, 'application/json', '{"status": "ok"}'],
	'that there is no such page': [404, 'text/html', 'not found'],
};

for (const [what, [status, type, body]] of Object.entries(answers)) {
	test(`a server that answers with ${what} is not Docker`, async t => {
		const server = http.createServer((_, answer) => {
			answer.writeHead(status, {'content-type': type}).end(body);
		});
		t.teardown(() => server.close());
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const url = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const message = `What answers at ${url} is not Docker`;
		const error = await t.throwsAsync(readInfo({url}), {instanceOf: HostError, message});
		t.regex(error?.remedy ?? '', /DOCKER_HOST/);
		t.deepEqual(await factsOf({url}), {'docker-host': message});
	});
}
