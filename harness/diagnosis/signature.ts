/** The shape of a row in the tables of known causes of a swarm's trouble. */
import type {Cause, EvidenceLine} from '../model/index.ts';
import type {Difference} from './agreement.ts';
import type {Direction} from './directions.ts';
import type {View} from './view.ts';

/** What signatures look at. */
export interface Seen {
	view: View;
	differences: readonly Difference[];
	/** How packets of overlays fared, from node to node. */
	directions: readonly Direction[];
	/** Names of nodes that lose packets by themselves. What is missing to and from these, the network is not to blame for. */
	losers: ReadonlySet<string>;
}

/** Where a signature shows. */
export interface Sighting {
	node: string;
	lines: EvidenceLine[];
	/** Replaces `{detail}` in the cause; those of all sightings are joined. */
	detail?: string;
	/**
	 * The ends of each way that is broken there. Of two nodes nobody knows at which end it is: so it is not named either if each of them
	 * has an end that is explained (`unlessThere`).
	 */
	ways?: readonly (readonly [string, string])[];
	/** The kernel's feature that it is about. To a claim that does not ask for it, it is told aside and is no cause. */
	about?: 'ip_vs';
}

export interface Signature extends Omit<Cause, 'nodes' | 'lines'> {
	/** Returns every place where it shows. `{nodes}` and `{detail}` in `cause` are replaced. Pure. */
	shows(seen: Seen): Sighting[];
	/** Which parts of the evidence it needs. If no node has them, it is neither named nor ruled out. */
	requires: readonly string[];
	/** It is not named if one of these is: they explain the same better. */
	unless?: readonly string[];
	/** It is not named for a node for which one of these is. */
	unlessThere?: readonly string[];
	/** It is a property of the host that was there before: others of the same confidence are named first. */
	always?: true;
	/** It is named only of a claim that asks for this feature of the kernel, and if nothing else is named: a healthy cell may have it, too. */
	lead?: 'ip_vs';
	/** What is ruled out if it does not show: `a packet filter of a node drops VXLAN`. Absent: that is not told. */
	rulesOut?: string;
}
