/** Sends commands to QEMU over its machine protocol (QMP), each on a connection of its own. */
import net from 'node:net';
import readline from 'node:readline';
import {HarnessError, MachineError} from '../../errors.ts';
import {qmpSocket} from './arguments.ts';

/** Milliseconds. A reply takes milliseconds, on a busy host many times that. If QEMU is silent for so long, it hangs. */
const answerTimeoutMs = 60_000;

interface Message {
	QMP?: unknown;
	return?: unknown;
	error?: {class: string; desc: string};
	event?: string;
}

/** Identifies a QEMU: the name of its machine, and the folder of its sockets. */
export interface Qemu {
	name: string;
	runtime: string;
}

/**
 * Sends one QMP command and returns its `return`.
 * @throws HarnessError if QEMU refuses the command; MachineError if QEMU does not answer, because it has ended or hangs
 */
export async function qmp(
	{name, runtime}: Qemu,
	execute: string,
	args: Record<string, unknown> = {},
): Promise<unknown> {
	const socket = net.connect(qmpSocket(runtime, name));
	socket.setTimeout(answerTimeoutMs, () => socket.destroy(new Error(`no answer in ${answerTimeoutMs / 1000} s`)));
	const send = (message: object) => socket.write(`${JSON.stringify(message)}\n`);
	try {
		await new Promise<void>((resolve, reject) => {
			socket.once('connect', resolve);
			socket.once('error', reject);
		});
		let negotiated = false;
		for await (const line of readline.createInterface({input: socket})) {
			const message = JSON.parse(line) as Message;
			if (message.QMP) {
				send({execute: 'qmp_capabilities'});
			} else if (message.error) {
				throw new HarnessError(`QEMU of ${name} refuses "${execute}": ${message.error.desc}`);
			} else if ('return' in message && !negotiated) {
				negotiated = true;
				send({execute, arguments: args});
			} else if ('return' in message) {
				return message.return;
			}
		}

		throw socket.errored ?? new Error('QEMU closed the connection');
	} catch (error) {
		throw error instanceof HarnessError
			? error
			: new MachineError(name, `QEMU does not answer to "${execute}"`, {cause: error});
	} finally {
		socket.destroy();
	}
}

/** Returns the ports of 127.0.0.1 that QEMU picked for `hostfwd=tcp:127.0.0.1:0-…`, by guest port: from HMP `info usernet`. */
export async function forwardedPorts(qemu: Qemu): Promise<Map<number, number>> {
	const table = String(await qmp(qemu, 'human-monitor-command', {'command-line': 'info usernet'}));
	const rows = table.matchAll(/TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)\s+\S+\s+(\d+)/g);
	return new Map([...rows].map(([, ours, guests]) => [Number(guests), Number(ours)]));
}
