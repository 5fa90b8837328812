/** What is under test on a cell, up and ready: a swarm, or a stack. */
import {type StandUp, type StoodUp, standUp} from './provision.ts';
import {standUpStack} from './provision-stack.ts';

/** Throws NotStacked when a stack's stack.sh fails, HarnessError when no way works, NotApplicable when the kernel cannot do it. */
export async function provisionCell(request: StandUp): Promise<StoodUp> {
	return request.cell.stack ? standUpStack(request) : standUp(request);
}
