/** `swarmlab capture`: what passed the switch of a cell that is up. */
import {writeFile} from 'node:fs/promises';
import type {CellHandle} from '../model/index.ts';
import type {Capture} from '../network/capture/capture.ts';
import {asNumber} from './amounts.ts';
import {collect, collectCsv, print, printAnswer, printJson, type Register} from './command.ts';

const examples = `
Examples:
  swarmlab capture                                   the last minute, a line for each flow
  swarmlab capture --filter udp:4789 --json          VXLAN only, for a program
  swarmlab capture --node w1 --seconds 10 --out w1.pcapng
                                                     the next ten seconds of w1, for Wireshark`;

interface Flags {
	node?: string[];
	out?: string;
	seconds?: string;
	filter?: string[];
	cell?: string;
	json?: boolean;
}

export const registerCapture: Register = program => {
	program
		.command('capture')
		.summary('show what passed between the nodes of a cell that is up')
		.description(
			"Shows what passed the switch of a cell that is up: the last minute, or the next seconds. The switch remembers 4 MiB of each node's port and the first 512 bytes of a frame. VXLAN is decoded, and what a fault dropped is shown.",
		)
		.option('--node <nodes>', 'only what the ports of these nodes saw', collectCsv)
		.option('--out <file>', 'write the frames as pcapng')
		.option('--seconds <n>', 'what passes from now on, for so long (default: the last minute)')
		.option(
			'--filter <text>',
			'only udp:4789, tcp:2377 (source or destination), icmp, arp, esp; may be repeated',
			collect,
		)
		.option('--cell <text>', 'the cell or run that this means, as for `run --cell` (default: the newest that is up)')
		.option('--json', 'print JSON')
		.addHelpText('after', examples)
		.action(async ({node, out, seconds, filter = [], cell, json}: Flags) => {
			const {parseFilter, selected} = await import('../network/capture/select.ts');
			const filters = filter.map(parseFilter);
			const lasts = seconds === undefined ? undefined : asNumber(seconds, '--seconds');
			const {findMachine, findUp, requireLinkFaults} = await import('../run/by-hand.ts');
			const {matches} = await import('../match.ts');
			const up = findUp(cell, matches);
			const socket = requireLinkFaults(up);
			const nodes = node?.map(name => findMachine(up, name).name);
			const {readDataPathPort} = await import('../evidence/data-path-port.ts');
			const {readCapture} = await import('../network/capture/capture.ts');
			const {recordFor} = await import('../network/capture/record.ts');
			const all = lasts === undefined ? await readCapture(socket) : await recordFor(socket, lasts);
			const capture = selected(all, {
				...(nodes && {nodes}),
				...(filters.length > 0 && {filter: packet => filters.some(each => each(packet))}),
			});
			await writeOut(out, capture);

			const {flowsOf} = await import('../network/capture/flows.ts');
			const flows = flowsOf(capture, await readDataPathPort(up.handle.machines));
			if (json) {
				printJson('capture', flows);
				return;
			}

			const {captureText} = await import('../network/capture/text.ts');
			printAnswer(captureText(capture, flows));
		});
};

async function writeOut(out: string | undefined, capture: Capture): Promise<void> {
	if (out !== undefined) {
		const {pcapngOf} = await import('../network/capture/pcapng.ts');
		await writeFile(out, pcapngOf(capture));
		print(`${capture.frames.length} frames are in ${out}`);
	}
}

/** Shows the last minute of a cell, and writes it to a file if one is named. Throws HarnessError. */
export async function showCapture(handle: CellHandle, out?: string): Promise<void> {
	const {requireLinkFaults} = await import('../run/by-hand.ts');
	const {readCapture} = await import('../network/capture/capture.ts');
	const {readDataPathPort} = await import('../evidence/data-path-port.ts');
	const {flowsOf} = await import('../network/capture/flows.ts');
	const {captureText} = await import('../network/capture/text.ts');
	const capture = await readCapture(requireLinkFaults({handle}));
	await writeOut(out, capture);
	printAnswer(captureText(capture, flowsOf(capture, await readDataPathPort(handle.machines))));
}
