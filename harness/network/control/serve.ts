/** The switch's side of its control socket. A fault lives as long as the connection that made it. */
import type net from 'node:net';
import {HarnessError} from '../../errors.ts';
import type {FaultStatus} from '../../model/index.ts';
import type {FaultTable} from '../faults/fault-table.ts';
import type {FaultyWire} from '../wire.ts';
import {type Answer, type CaptureHeader, type Healed, LineReader, type Request} from './messages.ts';

export interface Controlled {
	table: FaultTable;
	wire: Pick<FaultyWire, 'rings'>;
	/** Names of the nodes on the LAN. */
	nodes: readonly string[];
}

/** Answers the requests of one connection. */
export function serveControl(socket: net.Socket, controlled: Controlled): void {
	const {table} = controlled;
	const reader = new LineReader();
	let last = Promise.resolve();
	socket.on('error', () => {});
	socket.on('close', () => table.removeOf(socket));
	socket.on('data', chunk => {
		try {
			for (const line of reader.push(chunk)) {
				// One after the other, so that answers come in the order of the requests.
				last = last.then(async () => answer(socket, controlled, line));
			}
		} catch {
			socket.destroy();
		}
	});
}

async function answer(socket: net.Socket, controlled: Controlled, line: string): Promise<void> {
	try {
		const request = JSON.parse(line) as Request;
		if (request.op === 'capture') {
			sendCapture(socket, controlled);
		} else {
			send(socket, {ok: await carryOut(socket, controlled, request)});
		}
	} catch (error) {
		const remedy = error instanceof HarnessError ? error.remedy : undefined;
		send(socket, {error: error instanceof Error ? error.message : String(error), ...(remedy && {remedy})});
	}
}

async function carryOut(
	socket: net.Socket,
	{table, nodes}: Controlled,
	request: Exclude<Request, {op: 'capture'}>,
): Promise<unknown> {
	switch (request.op) {
		case 'add': {
			// Loaded only now: the switch must start quickly, and most LANs have no fault.
			const {parseFault} = await import('../faults/schema.ts');
			const fault = parseFault(request.fault, nodes);
			// The connection may have ended meanwhile: then nothing would ever heal the fault.
			return socket.destroyed
				? undefined
				: table.add(fault, {owner: socket, by: String(request.by), since: new Date()});
		}
		case 'list':
			return table.list();
		case 'remove': {
			const removed = table.remove(request.id);
			if (!removed) {
				throw unknownFault(request.id, table.list());
			}

			if (removed.owner !== socket) {
				send(removed.owner as net.Socket, {healed: removed.status});
			}

			return removed.status;
		}
		default:
			throw new HarnessError(`The switch does not know the request ${JSON.stringify(request)}`);
	}
}

function unknownFault(id: unknown, all: readonly FaultStatus[]): HarnessError {
	return new HarnessError(`No fault ${id} is on.`, {
		remedy: all.length === 0 ? 'No fault is on.' : `On are: ${all.map(each => `${each.id} (${each.what})`).join('; ')}`,
	});
}

function sendCapture(socket: net.Socket, {wire: {rings}, table}: Controlled): void {
	const parts = [...rings].map(([port, ring]) => ({port, bytes: ring.read()}));
	const header: CaptureHeader = {
		rings: parts.map(({port, bytes}) => ({port, bytes: bytes.length})),
		timeOriginMs: performance.timeOrigin,
		nowMs: performance.now(),
		faults: table.list(),
	};
	socket.write(`${JSON.stringify(header)}\n`);
	for (const {bytes} of parts) {
		socket.write(bytes);
	}

	socket.end();
}

function send(socket: net.Socket, message: Answer | Healed): void {
	if (!socket.destroyed) {
		socket.write(`${JSON.stringify(message)}\n`);
	}
}
