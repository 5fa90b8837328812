/** Parses the lines in which bash traces its commands (`set -o xtrace`), in each form that DevStack used. Pure. */

export interface Call {
	/** `lib/keystone`, and the line in it; only if PS4 has them (since 2014). */
	file?: string;
	line?: number;
	func?: string;
	command: string;
}

/** `+lib/keystone:bootstrap_keystone:615  cmd`, `++ functions-common:oscwrap:2538 : cmd` (2016 to 2018). */
const located = /^\++ ?([^\s:]+):([\w.-]+):(\d+)(?:\s+:(?=\s|$))?\s*(.*)$/;
/** `++ cmd`: before 2014, and scripts with a shell of their own. A table's rule has no blank behind its plus. */
const plain = /^\++ +(\S.*)$/;

/** Returns the call that a line traces, or undefined if the line is output. */
export function callOf(line: string): Call | undefined {
	if (!line.startsWith('+')) {
		return undefined;
	}

	const [, file, func, number, command = ''] = located.exec(line) ?? [];
	if (file !== undefined) {
		return {file, func: func!, line: Number(number), command};
	}

	const [, bare] = plain.exec(line) ?? [];
	return bare === undefined ? undefined : {command: bare};
}

/** Returns `lib/keystone:create_keystone_accounts:310`. Line 1 means that a function was left, so it is dropped. */
export const placeOf = ({file, func, line}: Call) =>
	file === undefined ? undefined : [file.replace(/^\.\//, ''), func, ...(line === 1 ? [] : [line])].join(':');

/** What the shell does by itself around commands. None of it fails with a message. */
const own =
	/^(?:local|return|exit|set|shift|break|continue|true|false|:|export|declare|typeset|unset|readonly|trap|kill|jobs|wait|sleep|echo|echo_summary|printf|test|die|err|die_if_not_set|err_if_not_set|is_set|backtrace|warn|deprecated|cd|pushd|popd|read|for|case|while|until|if)(?:\s|$)|^(?:\[\[?|'\[')(?:\s|$)|^grep (?:-\w+ )?xtrace$|^\(\(|^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/;

/** Returns whether a command is only the shell's bookkeeping. */
export const keepsBooks = ({command, func}: Call) => own.test(command) || func === 'die' || func === 'backtrace';

/** Traps of stack.sh: `exit_trap` and `err_trap` since 2013, `failed` and `clean` before. */
const traps = /^(?:exit_trap|err_trap)$/;
const oldTraps = /^(?:failed|clean)$/;

/** Returns whether stack.sh has given up: it is running its traps. */
export const isTrap = ({file, func = '', command}: Call) =>
	traps.test(func) || traps.test(command) || (file === undefined && oldTraps.test(command));
