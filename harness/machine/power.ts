/** The power of a machine: off, on, reset, held still. Any process of this host can do it, whatever the guest does. */
import {HarnessError, MachineError} from '../errors.ts';
import type {ExecHandle, MachineHandle} from '../model/index.ts';
import {Attendant} from './attend.ts';
import {openDaemon} from './daemon.ts';
import {waitForDocker} from './docker.ts';
import type {Machine} from './machine.ts';
import {qmp} from './qmp.ts';

/** `off`: no processor runs, and nothing that was not written is kept. `on`: it boots. `pause`: it goes on at `resume`. */
type PowerAction = 'off' | 'on' | 'reset' | 'pause' | 'resume';

/**
 * Does it. After `on` and `reset` it returns when the engine answers.
 * @throws HarnessError if it cannot be done with this machine; MachineError if the machine does not come up
 */
export async function power(machine: Machine, action: PowerAction): Promise<void> {
	const {handle} = machine;
	switch (handle.power?.by) {
		case 'qmp':
			await ofQemu(handle, handle.power.socket, action);
			break;
		case 'docker':
			await ofContainer(handle as ExecHandle, action);
			break;
		default:
			throw new HarnessError(`The power of ${handle.name} cannot be cut from here`);
	}

	machine.hangUp();
	if (action === 'on' || action === 'reset') {
		await machine.disconnect();
		await waitForDocker(machine);
		await machine.reconnect();
		if (handle.power?.by === 'qmp') {
			// Not before: the firmware may reset once more on its way.
			await qmp({name: handle.name, socket: handle.power.socket}, 'set-action', {reboot: 'shutdown'});
		}
	}

	if (action !== 'off' && action !== 'pause' && handle.power?.by === 'qmp') {
		// A machine that stood still has a clock that stood still.
		await machine.reconnect();
		await machine.run(`date -s @${(Date.now() / 1000).toFixed(3)}`);
	}
}

/**
 * Without power, its processors stand still, and at `on` it is reset before they run: to all others that looks as if it had
 * been off, and its host keeps its process. Our QEMUs end at a reset (`-no-reboot`), but for this one.
 */
async function ofQemu({name}: MachineHandle, socket: string, action: PowerAction): Promise<void> {
	const send = async (command: string, words: Record<string, unknown> = {}) => qmp({name, socket}, command, words);
	switch (action) {
		case 'off':
		case 'pause':
			await send('stop');
			break;
		case 'resume':
			await send('cont');
			break;
		case 'on':
		case 'reset':
			await send('set-action', {reboot: 'reset'});
			await send('system_reset');
			await send('cont');
	}
}

async function ofContainer(handle: ExecHandle, action: PowerAction): Promise<void> {
	const {reach, engine, console, name} = handle;
	const container = openDaemon(reach.daemon).getContainer(reach.container);
	try {
		if (action === 'pause') {
			await container.pause();
		} else if (action === 'resume') {
			await container.unpause();
		}

		if (action === 'off' || action === 'reset') {
			await container.kill();
		}

		if (action === 'on' || action === 'reset') {
			await container.start();
			// Its first process is another one.
			handle.pid = undefined;
			const attended = {daemon: reach.daemon, container: reach.container, socket: engine.socket, console, append: true};
			await new Attendant(`${engine.socket}.log`).attend([attended]);
		}
	} catch (error) {
		throw new MachineError(name, `its container: ${(error as Error).message}`, {cause: error});
	}
}
