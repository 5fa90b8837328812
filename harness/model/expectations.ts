/** What is expected of a scenario before it is proven: the data of a reproduction, and failures that are known. */

import type {Variant} from './variant.ts';

/** Engines, and kernels if that matters, on which a claim is expected to fail. */
export interface Expectation {
	/** Range of engine versions: `<20.10.8`, `>=25`, `>=20.10.15 <28 || 29`, `*`. See expect/range.ts. */
	fails: string;
	/** Range of kernel versions; absent: any. */
	kernel?: string;
	/** It depends on chance, so a pass is no surprise. */
	sometimes?: boolean;
	/** Why, with its source: a commit, a release note. One sentence. */
	because: string;
}

/** Where a claim is expected to fail; everywhere else it is expected to pass. `unknown`: it is not known. */
export type Expected = 'unknown' | readonly Expectation[];

/** The data of a scenario that reproduces a public report. */
export interface Reproduction {
	/** `moby/moby#40989`, `CVE-2023-28842`. */
	issue: string;
	expected: Expected;
	/** From this day on (`2027-06-30`, UTC) a known failure is red again, so that it is looked at. */
	until?: string;
	/** How its nodes are configured; absent: as usual. */
	variant?: Variant;
	/** What is done before the claim, in order: `m1: docker network create …`, `all: …`, `m1,w1: …`. */
	steps?: readonly string[];
	/** The machines that it needs. */
	managers: number;
	workers: number;
	/** Machines beside the swarm; absent: none. */
	outsiders?: number;
}

/** A failure of any scenario that is known, from the config. */
export interface KnownFailure {
	/** Part of the title, or the file (also as a glob). */
	scenario: string;
	/** Cells, as `--cell` chooses them; absent: any. */
	cell?: string | undefined;
	/** Range of engine versions; absent: any. */
	engine?: string | undefined;
	/** Range of kernel versions; absent: any. */
	kernel?: string | undefined;
	/** Where it is reported. */
	issue: string;
	/** From this day on (`2027-06-30`, UTC) it is red again. */
	until: string;
}
