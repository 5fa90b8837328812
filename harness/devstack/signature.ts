/** What a row of the tables of known failures holds. */
import type {RemedyName} from './remedies.ts';

/** `lab`: the machine, the network or what we wrote; `product`: DevStack or OpenStack. */
type Blame = 'lab' | 'product';

/** What the command that failed said, and all that was said near the end. */
export interface SignatureContext {
	output: readonly string[];
	lines: readonly string[];
	/** Its words, as bash told them. */
	command?: string;
}

export interface Signature {
	name: string;
	/** The line that shows it. */
	shows: RegExp;
	/** What must be true besides. */
	when?: (around: SignatureContext) => boolean;
	/** The line is an explanation only where nothing was said after it. */
	last?: boolean;
	/** It explains whatever else was said around it: whoever lacks disk or memory says so by many words. */
	deep?: boolean;
	cause: string;
	/** The words that the message repeats: those of the line that shows it, or of what is said around it. */
	tells?: true | RegExp;
	blame: Blame;
	/** What a person does about it. */
	remedy: string;
	/** What the harness can do itself, when asked (`--retry-with-remedy`). */
	apply?: RemedyName;
}
