/** Parses the output of `vagrant --machine-readable`: lines of `seconds,machine,kind,data…`. Pure. */

export interface Line {
	/** Empty if the line is about all machines, or Vagrant names none. */
	machine: string;
	/** `ui`, `state`, `error-exit`, `box-name` … */
	kind: string;
	data: string[];
}

/** Returns undefined for a line of another form: plugins and Ruby print such lines past Vagrant. */
export function parseLine(text: string): Line | undefined {
	const [seconds, machine, kind, ...data] = text.split(',');
	return kind !== undefined && /^\d+$/.test(seconds!) ? {machine: machine!, kind, data: data.map(plain)} : undefined;
}

/** Replaces Vagrant's codes for commas and line ends within data. */
function plain(text: string): string {
	return text.replaceAll('%!(VAGRANT_COMMA)', ',').replaceAll(String.raw`\n`, '\n').replaceAll(String.raw`\r`, '\r');
}

/**
 * Returns the text for people, and the machine that it is about. Vagrant names the machine in front of the text (`==> m1: …`,
 * then `    m1: …` for what follows) more often than in its own column.
 */
export function saying({machine, kind, data}: Line): {machine: string; text: string} | undefined {
	if (kind !== 'ui') {
		return undefined;
	}

	const text = data.at(-1)!.trimEnd();
	const [, named, rest] = /^(?:==> | {4})([\w.-]+): ?(.*)$/s.exec(text) ?? [];
	return named ? {machine: named, text: rest!.trim()} : {machine, text: text.trim()};
}

/** Returns the error that ended Vagrant: its class and its words. */
export function failureIn(lines: readonly Line[]): {type: string; text: string} | undefined {
	const ends = lines.filter(({kind}) => kind === 'error-exit');
	return ends.length === 0
		? undefined
		: {type: ends[0]!.data[0] ?? '', text: ends.map(({data}) => data.slice(1).join('\n').trim()).join('\n')};
}

export interface SshAddress {
	host: string;
	port: number;
}

/**
 * Returns where `up` reached the sshd of each machine. Vagrant prints it while it waits for the boot. The last address counts.
 */
export function addressesIn(lines: readonly Line[]): Record<string, SshAddress> {
	return Object.fromEntries(
		lines.flatMap(line => {
			const {machine, text} = saying(line) ?? {machine: '', text: ''};
			const [, host, port] = /^SSH address: (\S+):(\d+)$/.exec(text) ?? [];
			return host ? [[machine, {host, port: Number(port)}]] : [];
		}),
	);
}
