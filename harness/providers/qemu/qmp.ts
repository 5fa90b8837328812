/** QEMU's machine protocol (QMP) for the machines of this provider. */
import {qmp as send} from '../../machine/index.ts';
import {qmpSocket} from './arguments.ts';

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
	return send({name, socket: qmpSocket(runtime, name)}, execute, args);
}

/** Returns the ports of 127.0.0.1 that QEMU picked for `hostfwd=tcp:127.0.0.1:0-…`, by guest port: from HMP `info usernet`. */
export async function forwardedPorts(qemu: Qemu): Promise<Map<number, number>> {
	const table = String(await qmp(qemu, 'human-monitor-command', {'command-line': 'info usernet'}));
	const rows = table.matchAll(/TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)\s+\S+\s+(\d+)/g);
	return new Map([...rows].map(([, ours, guests]) => [Number(guests), Number(ours)]));
}
