/** `devstack()` declares a claim about a cloud, as `scenario()` does about a swarm. */
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
	/** Kinds of stack that can show what is claimed; on other kinds (such as a rehearsal) the scenario is skipped. */
	kinds?: readonly Stack['kind'][];
	/** Service types that the catalogue must have, such as `image`, `compute`; without them the scenario is skipped. */
	services?: readonly string[];
	/** Seconds that the proof may take; `limits.scenario` by default. */
	limit?: number;
}

/** The valid values of each need. */
const rules: Rules<CloudNeeds> = {
	kinds: listOf(Object.keys(kindsOfStack)),
	services: listOf(),
	limit: seconds,
};

/** Declares a scenario about the cloud that stack.sh made. `title` is what is claimed. The verdicts are those of `scenario()`. */
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
