/** What the kernels of the machines print about faults of their own while a claim is proven. */
import {kernelTroubles} from '../diagnosis/kernel-troubles.ts';
import {consoleFrom, consoleSize} from '../machine/index.ts';
import type {Disagreement, MachineHandle} from '../model/index.ts';

/**
 * Begins to watch the consoles. The function that it returns reads them: one entry for each machine that printed something.
 * @param starved whether the machines had to wait for a CPU meanwhile: then stalls only mean that they got no time
 */
export function watchConsoles(
	machines: readonly Pick<MachineHandle, 'name' | 'console'>[],
): (starved: boolean) => Disagreement[] {
	const sizes = machines.map(machine => consoleSize(machine.console));
	return starved =>
		machines.flatMap(({name, console}, index) => {
			const lines = kernelTroubles(consoleFrom(console, sizes[index]!), starved);
			return lines.length === 0
				? []
				: {
						node: name,
						says: `the kernel of ${name} reported: ${lines[0]}`,
						lines: lines.slice(0, 5).map(text => ({node: name, file: `${name}/console.txt`, text})),
					};
		});
}
