/** What `vagrant --machine-readable` says: lines of `seconds,machine,kind,data…`. Pure. */

export interface Line {
	/** Empty where it is about all machines, or Vagrant does not say. */
	machine: string;
	/** `ui`, `state`, `error-exit`, `box-name` … */
	kind: string;
	data: string[];
}

/** Undefined for a line of another form: what a plugin or Ruby prints past Vagrant. */
export function parseLine(text: string): Line | undefined {
	const [seconds, machine, kind, ...data] = text.split(',');
	return kind !== undefined && /^\d+$/.test(seconds!) ? {machine: machine!, kind, data: data.map(plain)} : undefined;
}

/** Commas and line ends within data are written so. */
function plain(text: string): string {
	return text.replaceAll('%!(VAGRANT_COMMA)', ',').replaceAll(String.raw`\n`, '\n').replaceAll(String.raw`\r`, '\r');
}

/**
 * What a person is to read, and which machine it is about: Vagrant names it in front of the text (`==> m1: …`, then
 * `    m1: …` for what follows) more often than in the column for it.
 */
export function saying({machine, kind, data}: Line): {machine: string; text: string} | undefined {
	if (kind !== 'ui') {
		return undefined;
	}

	const text = data.at(-1)!.trimEnd();
	const [, named, rest] = /^(?:==> | {4})([\w.-]+): ?(.*)$/s.exec(text) ?? [];
	return named ? {machine: named, text: rest!.trim()} : {machine, text: text.trim()};
}

/** What ended it: the class of Vagrant's error and its words. */
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

/** Where each machine's sshd was reached: of `up`, as Vagrant says it while it waits for the boot. The last one counts. */
export function addressesIn(lines: readonly Line[]): Record<string, SshAddress> {
	return Object.fromEntries(
		lines.flatMap(line => {
			const {machine, text} = saying(line) ?? {machine: '', text: ''};
			const [, host, port] = /^SSH address: (\S+):(\d+)$/.exec(text) ?? [];
			return host ? [[machine, {host, port: Number(port)}]] : [];
		}),
	);
}
