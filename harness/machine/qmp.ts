/** Sends commands to QEMU over its machine protocol (QMP), each on a connection of its own. */
import net from 'node:net';
import readline from 'node:readline';
import {HarnessError, MachineError} from '../errors.ts';

/** Milliseconds. A reply takes milliseconds, on a busy host many times that. If QEMU is silent for so long, it hangs. */
const answerTimeoutMs = 60_000;

interface Message {
	QMP?: unknown;
	return?: unknown;
	error?: {class: string; desc: string};
	event?: string;
}

/** Identifies a QEMU: the name of its machine, and its control socket. */
export interface Qemu {
	name: string;
	socket: string;
}

/**
 * Sends one QMP command and returns its `return`.
 * @throws HarnessError if QEMU refuses the command; MachineError if QEMU does not answer, because it has ended or hangs
 */
export async function qmp(
	{name, socket: file}: Qemu,
	execute: string,
	args: Record<string, unknown> = {},
): Promise<unknown> {
	const socket = net.connect(file);
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
