/** What the LAN's switch remembers, for evidence. A diagnosis never reads it: it names the faults that were put in. */
import {explain} from '../errors.ts';
import {readCapture} from '../network/capture/capture.ts';
import {flowsOf} from '../network/capture/flows.ts';
import {pcapngOf} from '../network/capture/pcapng.ts';
import {captureText} from '../network/capture/text.ts';

/** Keeps what the LAN's switch remembers: as pcapng, and summed up. @param vxlanPort the swarm's data path port, if it is known */
export async function keepCapture(
	socket: string,
	keep: (name: string, content: string | Buffer) => void,
	vxlanPort: Promise<number | undefined>,
): Promise<void> {
	try {
		const capture = await readCapture(socket);
		const flows = flowsOf(capture, await vxlanPort);
		keep('lan/capture.pcapng', pcapngOf(capture));
		keep('lan/capture.txt', captureText(capture, flows));
		keep('lan/capture.json', `${JSON.stringify(flows, undefined, '\t')}\n`);
		keep('lan/faults.json', `${JSON.stringify(capture.faults, undefined, '\t')}\n`);
	} catch (error) {
		keep('lan/capture.txt', `could not be read: ${explain(error)}\n`);
	}
}
