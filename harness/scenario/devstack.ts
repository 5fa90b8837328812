/** A claim about a cloud: as `scenario` is one about a swarm. */
import type {ExecutionContext} from 'ava';
import {kinds as kindsOfStack} from '../devstack/index.ts';
import {NotApplicable} from '../errors.ts';
import {limits} from '../limits.ts';
import type {Stack} from '../model/index.ts';
import {isRefusedClaim, listOf, problemsOf, type Rules, seconds} from './announced.ts';
import {callSite} from './call-site.ts';
import {Cloud} from './cloud.ts';
import {claimOnStack} from './on-stack.ts';

export interface CloudNeeds {
	/** Only on these kinds of stack: what a rehearsal cannot show is skipped there. */
	kinds?: readonly Stack['kind'][];
	/** Only where the catalogue has these: `image`, `compute`. */
	services?: readonly string[];
	/** Seconds that the proof may take. */
	limit?: number;
}

/** What each may be: a row each. */
const rules: Rules<CloudNeeds> = {
	kinds: listOf(Object.keys(kindsOfStack)),
	services: listOf(),
	limit: seconds,
};

/** Claims something about the cloud that stack.sh has made. The verdicts are those of `scenario`. */
export function devstack(
	title: string,
	needs: CloudNeeds,
	prove: (t: ExecutionContext, cloud: Cloud) => Promise<void>,
): void {
	const planned = {title, ...callSite(), stack: {}};
	if (isRefusedClaim(planned, problemsOf('devstack(title, needs, prove)', [title, needs, prove], rules))) {
		return;
	}

	const {kinds, services = [], limit = limits.scenario} = needs;
	claimOnStack(planned, limit, async (t, {machine, cell}) => {
		const cloud = new Cloud(cell, machine);
		if (kinds && !kinds.includes(cloud.stack.kind)) {
			t.pass();
			throw new NotApplicable(`needs a stack of the kind ${kinds.join(' or ')}, this is ${cloud.stack.what}`);
		}

		const there = services.length > 0 ? await cloud.services() : [];
		const lacking = services.filter(each => !there.includes(each));
		if (lacking.length > 0) {
			t.pass();
			throw new NotApplicable(`this cloud has no service of the type ${lacking.join(', ')}`);
		}

		await prove(t, cloud);
		return {metrics: cloud.metrics};
	});
}
