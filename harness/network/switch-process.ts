/**
 * The LAN of one cell. It is a process of its own, so that it outlives the command that brought up the cell.
 *
 *     node switch-process.ts FOLDER NAME…
 *
 * Listens on FOLDER/lan-NAME.sock for each machine, and sends its counters to each client of FOLDER/lan.sock. Prints `ready`
 * when it listens. Takes and answers requests on FOLDER/lan-control.sock: see control/messages.ts. Ends on SIGTERM.
 */
import fs from 'node:fs';
import net from 'node:net';
import {serveControl} from './control/serve.ts';
import {processClock} from './faults/delay-line.ts';
import {FaultTable} from './faults/fault-table.ts';
import {encodeFrame, FrameReader} from './frames.ts';
import {controlSocket, countersSocket, lanSocket} from './lan.ts';
import {LearningSwitch, type SwitchPort} from './learning-switch.ts';
import {FaultyWire} from './wire.ts';

/** Bytes that may wait in a port for a slow machine. Further frames are dropped, as in any switch. */
const portBuffer = 4 * 1024 * 1024;

const [folder, ...names] = process.argv.slice(2);
if (!folder || names.length === 0) {
	throw new TypeError('usage: switch-process.ts FOLDER NAME…');
}

const table = new FaultTable();
const wire: FaultyWire = new FaultyWire({
	table,
	clock: processClock,
	names,
	deliver: (to, frame) => lan.deliver(to, frame),
});
const lan = new LearningSwitch(wire);

function serve(name: string, socket: net.Socket): void {
	const reader = new FrameReader();
	const port: SwitchPort = {
		name,
		send(frame) {
			if (socket.writableLength > portBuffer) {
				return false;
			}

			socket.write(encodeFrame(frame));
			return true;
		},
	};
	lan.attach(port);
	socket.on('data', chunk => {
		try {
			for (const frame of reader.push(chunk)) {
				lan.receive(port, frame);
			}
		} catch (error) {
			console.error(`${name}: ${String(error)}`);
			socket.destroy();
		}
	});
	socket.on('error', error => {
		console.error(`${name}: ${error.message}`);
	});
	socket.on('close', () => {
		lan.detach(port);
	});
}

async function listen(address: string, onConnection: (socket: net.Socket) => void): Promise<void> {
	fs.rmSync(address, {force: true});
	const server = net.createServer(onConnection);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(address, resolve);
	});
}

await Promise.all([
	...names.map(async name => listen(lanSocket(folder, name), socket => serve(name, socket))),
	listen(countersSocket(folder), socket => {
		socket.on('error', () => {});
		socket.end(JSON.stringify(lan.counters()));
	}),
	listen(controlSocket(folder), socket => {
		serveControl(socket, {table, wire, nodes: names});
	}),
]);
process.on('SIGTERM', () => {
	process.exit(0);
});
console.log('ready');
