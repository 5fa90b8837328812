/** What the agent's end of a socket may do; agents in real guests are in test/real. */
import {once} from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {MachineError} from '../../errors.ts';
import {GuestAgent} from './agent.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-agent-'));
test.after.always(() => fs.rmSync(folder, {recursive: true, force: true}));

let count = 0;

/** The other end of the connection: it calls a function with each line. */
async function listen(onLine: (line: string, socket: net.Socket) => void): Promise<string> {
	count += 1;
	const file = path.join(folder, `${count}.sock`);
	const server = net.createServer(socket => {
		socket.on('error', () => {});
		socket.on('data', data => onLine(data.toString(), socket));
	});
	await new Promise<void>(resolve => {
		server.listen(file, resolve);
	});
	server.unref();
	return file;
}

test('an agent that never answers is given up after its time', async t => {
	const agent = await GuestAgent.connect('w1', await listen(() => {}));
	const error = await t.throwsAsync(agent.run(['true'], 0.2), {instanceOf: MachineError});
	t.regex(error!.message, /w1.*did not answer.*within 0.2 s/);
});

test('an agent whose connection ends is reported', async t => {
	const agent = await GuestAgent.connect('w1', await listen((_, socket) => socket.end()));
	const error = await t.throwsAsync(agent.synchronise(600), {instanceOf: MachineError});
	t.regex(error!.message, /w1.*closed the connection/);
});

test('an agent that is cut off while it is asked is not said to be slow', async t => {
	const file = path.join(folder, 'cut.sock');
	// Closed with our question unread: the kernel resets such a connection (net/unix, unix_release_sock).
	const server = net.createServer({pauseOnConnect: true});
	const connected = once(server, 'connection') as Promise<[net.Socket]>;
	await new Promise<void>(resolve => {
		server.listen(file, resolve);
	});
	server.unref();
	const agent = await GuestAgent.connect('w1', file);
	const [socket] = await connected;
	const asked = t.throwsAsync(agent.synchronise(600), {instanceOf: MachineError});
	await setImmediate();
	socket.destroy();
	const error = await asked;
	t.regex(error!.message, /w1: its agent is gone/);
	t.regex(String(error!.cause), /ECONNRESET/);
});

test('a refusal is reported in the words of the agent', async t => {
	const refuse = (line: string, socket: net.Socket) => {
		const {execute, arguments: args} = JSON.parse(line) as {execute: string; arguments: {id: number}};
		const refusal = {error: {class: 'GenericError', desc: 'no such file'}};
		socket.write(`${JSON.stringify(execute === 'guest-sync' ? {return: args.id} : refusal)}\n`);
	};
	const agent = await GuestAgent.connect('w1', await listen(refuse));
	const error = await t.throwsAsync(agent.run(['/nowhere'], 600), {instanceOf: MachineError});
	t.regex(error!.message, /w1.*guest-exec.*no such file/);
	agent.close();
});

test('an answer to somebody before is not taken for ours', async t => {
	const file = await listen((line, socket) => {
		const {arguments: args} = JSON.parse(line) as {arguments: {id: number}};
		socket.write(`{"return": 1}\n{"return": ${args.id}}\n`);
	});
	const agent = await GuestAgent.connect('w1', file);
	await t.notThrowsAsync(agent.synchronise(600));
	agent.close();
});
