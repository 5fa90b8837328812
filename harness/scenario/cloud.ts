/** The cloud that a scenario uses: its machine, and commands of a user of the cloud. */
import {asStackUser} from '../devstack/index.ts';
import {CommandError} from '../errors.ts';
import {limits} from '../limits.ts';
import {type ExecResult, type Machine, quoteAll} from '../machine/index.ts';
import {type CellHandle, type Stack, stackOf} from '../model/index.ts';

export interface ShellOptions {
	/** The user whose credentials openrc puts into the environment; none by default. */
	as?: 'admin' | 'demo';
	/** Seconds; `limits.openstackClient` by default. */
	timeout?: number;
}

/** Service types of the one cloud of this process. */
let catalogue: Promise<string[]> | undefined;

/** The cloud that stack.sh made on the cell's machine. */
export class Cloud {
	readonly machine: Machine;
	readonly stack: Stack;
	readonly metrics: Record<string, number> = {};
	readonly cell: CellHandle['cell'];
	/** Address of Keystone, as stack.sh printed it. */
	readonly keystone: string | undefined;

	constructor({cell, subject}: Pick<CellHandle, 'cell' | 'subject'>, machine: Machine) {
		this.cell = cell;
		this.machine = machine;
		this.stack = stackOf(cell)!;
		this.keystone = 'stack' in subject ? subject.stack.keystone : undefined;
	}

	/** Returns the service types of the catalogue: `identity`, `image`, `compute`. Reads it once. Throws CommandError. */
	async services(): Promise<string[]> {
		catalogue ??= this.openstack<{Type: string}[]>(['catalog', 'list']).then(rows => rows.map(({Type}) => Type));
		return catalogue;
	}

	/** Runs a shell command as the user `stack` in DevStack's folder, and returns how it ended. Throws MachineError. */
	async shell(command: string, {as, timeout = limits.openstackClient}: ShellOptions = {}): Promise<ExecResult> {
		const credentials = as ? `. ./openrc ${as} ${as} > /dev/null 2>&1; ` : '';
		return this.machine.exec(asStackUser(`${credentials}${command}`), {timeout});
	}

	/**
	 * Runs the `openstack` client, as `admin` by default, and returns its JSON. Throws CommandError with the client's message.
	 * Each call costs about ten seconds of an emulated CPU, so request as much as possible at once.
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
