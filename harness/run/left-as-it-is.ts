/** Claims whose swarm `--keep=failed` leaves as they left it. */
import {decideAdmission} from '../capacity/admission.ts';
import {hostCapacity, needOf} from '../capacity/needs.ts';
import {type Cell, type Claim, type PlannedScenario, stackOf} from '../model/index.ts';
import {isRed} from '../record/summary/red.ts';
import type {RunContext} from './context.ts';
import type {OpenSwarm} from './swarm-places.ts';

/**
 * Returns the claims of which `--keep=failed` removes nothing if they are red: services, networks, faults in nodes. The other claims
 * need another swarm then, so there are none on a host without room for both, and none after the first such claim of a cell. A
 * failure that is known is not looked at, and does not stay.
 */
export function claimsLeftAsTheyAre(
	context: RunContext,
	{cell, open}: {cell: Cell; open: readonly OpenSwarm[]},
	scenarios: readonly PlannedScenario[],
): Claim[] {
	const {memory, cpus} = needOf(cell);
	const isAsked = context.keep === 'failed' && !context.onCell && !stackOf(cell) && !open.some(({isKept}) => isKept);
	if (!isAsked || decideAdmission({memory: 2 * memory, cpus}, [], {}, hostCapacity()).state === 'never') {
		return [];
	}

	const day = new Date().toISOString().slice(0, 10);
	return scenarios
		.filter(({file, title}) => isRed({cell: cell.id, file, title, verdict: 'failed'}, context, day))
		.map(({file, title}) => ({file, title}));
}
