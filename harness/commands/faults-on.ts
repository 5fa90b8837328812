/** The faults that are on in a cell that is up: the one place that commands ask. */
import type {FaultStatus} from '../model/index.ts';
import type {CellUp} from '../run/by-hand.ts';

/** Returns them in their order; none where the cell's LAN can have none. Throws HarnessError if the LAN's switch does not answer. */
export async function faultsOn({handle}: CellUp): Promise<FaultStatus[]> {
	const socket = handle.lan?.control;
	if (!socket) {
		return [];
	}

	const {LanControl} = await import('../network/control/control.ts');
	const control = await LanControl.open(socket);
	try {
		return await control.list();
	} finally {
		control.close();
	}
}
