/** A fault in a node, as data: what it does, what it takes, what it needs, and how it is put in and undone. */
import type {z} from 'zod';

/** What is done with the machine itself, from outside: see machine/power.ts. */
type PowerFault = 'off' | 'reset' | 'pause';

export interface NodeFault<Options extends z.ZodObject = z.ZodObject> {
	/** What it does, in one sentence. */
	about: string;
	/** Its options, each with a description. */
	options: Options;
	/** Returns what it does to the node, in words that follow the node's name and a colon. */
	what(options: z.output<Options>): string;
	/** What a provider must be able to do, besides running commands on the node; undefined if nothing more. */
	needs?(options: z.output<Options>): 'link' | 'machine' | 'power' | undefined;
	/**
	 * Name of the file in scripts/ with the functions `put`, `undo` and `shows`. `undo` puts back exactly what `put` has changed,
	 * however far `put` came. `shows` prints what proves that the fault is on, and fails if nothing does.
	 */
	script?: string;
	/** Variables of the script besides the options. */
	set?: Readonly<Record<string, string>>;
	/** File of the node whose text `merge` gets. */
	reads?: string;
	/** Returns more variables, of the options and of the text of the file `reads`. Throws UsageError. */
	merge?(options: z.output<Options>, text: string): Record<string, string>;
	/** Instead of a script: the machine is switched off, reset or held still. */
	power?: PowerFault;
}

/** Returns the row, whose `what` and `merge` are checked against its options. */
export function nodeFault<Options extends z.ZodObject>(fault: NodeFault<Options>): NodeFault<Options> {
	return fault;
}
