/**
 * Holds one fault. `holdFault` starts it with a HeldFault as JSON. It prints one line, the switch's answer, and then runs
 * until its fault is healed, the switch ends, or it is ended: in each case the fault is gone.
 */
import {HarnessError} from '../../errors.ts';
import {LanControl} from './control.ts';
import type {HeldFault} from './hold.ts';
import type {Answer} from './messages.ts';

function print(answer: Answer): void {
	process.stdout.write(`${JSON.stringify(answer)}\n`);
}

// The command that started this process has read its line and closed the pipe.
process.stdout.on('error', () => {});
const {socket, fault, by} = JSON.parse(process.argv[2]!) as HeldFault;
let control: LanControl | undefined;
try {
	control = await LanControl.open(socket, {holds: true});
	control.onHealed = () => control?.close();
	print({ok: await control.add(fault, by)});
	await control.closed;
} catch (error) {
	const {message, remedy} = error instanceof HarnessError ? error : new HarnessError(String(error));
	print({error: message, ...(remedy && {remedy})});
} finally {
	control?.close();
}
