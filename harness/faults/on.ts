/** The faults that are on in a cell, whatever put them in: the one place that is asked. */
import type {CellHandle, FaultStatus, NodeFaultStatus} from '../model/index.ts';
import {nodeFaultsOn} from './journal.ts';

/** Returns those on links, then those in nodes, each in their order. Throws HarnessError if the LAN's switch does not answer. */
export async function faultsOn({
	lan,
	folder,
}: Pick<CellHandle, 'lan' | 'folder'>): Promise<(FaultStatus | NodeFaultStatus)[]> {
	return [...(lan?.control ? await onLinks(lan.control) : []), ...nodeFaultsOn(folder)];
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
