/** The faults that are on in a cell that is up: the one place that commands ask. */
import {nodeFaultsOn} from '../faults/journal.ts';
import type {FaultStatus, NodeFaultStatus} from '../model/index.ts';
import type {CellUp} from '../run/by-hand.ts';

/** Returns those on links, then those in nodes, each in their order. Throws HarnessError if the LAN's switch does not answer. */
export async function faultsOn({handle}: CellUp): Promise<(FaultStatus | NodeFaultStatus)[]> {
	const socket = handle.lan?.control;
	return [...(socket ? await onLinks(socket) : []), ...nodeFaultsOn(handle.folder)];
}

async function onLinks(socket: string): Promise<FaultStatus[]> {
	const {LanControl} = await import('../network/control/control.ts');
	const control = await LanControl.open(socket);
	try {
		return await control.list();
	} finally {
		control.close();
	}
}
