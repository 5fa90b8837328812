/** The shape of a row in the tables of known failures. */
import type {RemedyName} from './remedies.ts';

/** `lab`: the machine, the network or what we wrote; `product`: DevStack or OpenStack. */
type Blame = 'lab' | 'product';

/** The output of the command that failed, and all lines near the end. */
export interface SignatureContext {
	output: readonly string[];
	lines: readonly string[];
	/** The command, as bash traced it. */
	command?: string;
}

export interface Signature {
	name: string;
	/** Matches the line that shows the failure. */
	shows: RegExp;
	/** A further condition. */
	when?: (around: SignatureContext) => boolean;
	/** The line explains the failure only if no output follows it. */
	last?: boolean;
	/** The row wins over all errors around it: a lack of disk or memory causes many different messages. */
	deep?: boolean;
	cause: string;
	/** What the message quotes: the line that shows the failure (true), or the lines that match. */
	quotes?: true | RegExp;
	blame: Blame;
	/** What a person does about it. */
	remedy: string;
	/** What the harness itself can do, with `--retry-with-remedy`. */
	apply?: RemedyName;
}
