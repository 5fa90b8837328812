/** The cloud as a claim meets it: its machine, and its clients as a user of the cloud. */
import {asStackUser} from '../devstack/index.ts';
import {CommandError} from '../errors.ts';
import {limits} from '../limits.ts';
import {type ExecResult, type Machine, quoteAll} from '../machine/index.ts';
import {type CellHandle, type Stack, stackOf} from '../model/index.ts';

export interface ShellOptions {
	/** Whose credentials are in the environment, by openrc; nobody's, unless said. */
	as?: 'admin' | 'demo';
	/** Seconds; limits.client unless said. */
	timeout?: number;
}

/** Of the one cloud of this process. */
let catalogue: Promise<string[]> | undefined;

export class Cloud {
	readonly machine: Machine;
	readonly stack: Stack;
	readonly metrics: Record<string, number> = {};
	readonly cell: CellHandle['cell'];
	/** Where Keystone answers, as stack.sh said. */
	readonly keystone: string | undefined;

	constructor({cell, subject}: Pick<CellHandle, 'cell' | 'subject'>, machine: Machine) {
		this.cell = cell;
		this.machine = machine;
		this.stack = stackOf(cell)!;
		this.keystone = 'stack' in subject ? subject.stack.keystone : undefined;
	}

	/** Types of the services in the catalogue: `identity`, `image`, `compute`. Asked once. Throws CommandError. */
	async services(): Promise<string[]> {
		catalogue ??= this.openstack<{Type: string}[]>(['catalog', 'list']).then(rows => rows.map(({Type}) => Type));
		return catalogue;
	}

	/** Runs a shell command as the user `stack` in the tree, and returns how it ended. Throws MachineError. */
	async shell(command: string, {as, timeout = limits.openstackClient}: ShellOptions = {}): Promise<ExecResult> {
		const credentials = as ? `. ./openrc ${as} ${as} > /dev/null 2>&1; ` : '';
		return this.machine.exec(asStackUser(`${credentials}${command}`), {timeout});
	}

	/**
	 * Asks by the `openstack` client, as `admin`, and returns its JSON. Throws CommandError with what the client said.
	 * A client costs some ten seconds of an emulated CPU for each call: ask for as much as possible at once.
	 */
	async openstack<Answer>(words: readonly string[], options: ShellOptions = {}): Promise<Answer> {
		const line = quoteAll(['openstack', ...words, '-f', 'json']);
		const {exitCode, stdout, stderr} = await this.shell(line, {as: 'admin', ...options});
		if (exitCode !== 0) {
			throw new CommandError(`${line} ended with ${exitCode}: ${stderr.trim() || stdout.trim()}`, {
				exitCode,
				output: stderr,
			});
		}

		return JSON.parse(stdout) as Answer;
	}
}
