/** The script that runs all probes of a machine with one call, and the parts of its output. Pure. */
import {limits} from '../limits.ts';
import {nsenter, quoteAll} from '../machine/index.ts';
import {namespacesOf, type Probe} from './probe.ts';

/** Returns a shell command line that runs `command` in a namespace. `options` may contain shell variables. */
function inNamespace(options: string, command: string): string {
	return `${nsenter([options], []).join(' ')} ${quoteAll(['sh', '-c', command])}`;
}

/** Returns a shell script that runs one probe. It prints a header line before the output of each namespace. */
export function scriptOf(probe: Probe): string {
	const files = namespacesOf(probe);
	return files === undefined
		? `${preparation}; ${probe.command}`
		: `${preparation}; for f in ${files}; do [ -e "$f" ] || continue; echo "=== \${f##*/}"; ${inNamespace('--net="$f"', probe.command)}; done`;
}

/** What each part of the output begins and ends with, besides the mark. */
const words = {begin: 'begin', end: 'end', left: 'left-out', clock: 'clock'};

/**
 * Prepares the functions of the script. `timeout` of coreutils ends the whole process group, so nothing keeps the pipe to `head`
 * open. If `head` has enough, the part has no end line. No file is written: the disk may be full. `iptables-save` names no table,
 * so it creates none. busybox starts ten times faster under emulation than a program with libraries. It
 * prefers its own ip, ping and (since 1.37) tc, which can do less: they are called by their paths.
 */
const preparation = String.raw`LC_ALL=C; bb=; [ -x /bin/busybox ] && bb=/bin/busybox; ip=$(command -v ip); ping=$(command -v ping); tc=$(command -v tc)
rules=iptables-save\ -c
case $(readlink -f "$(command -v iptables)") in
*nft*) [ -e /sys/module/nf_tables ] || ! $bb grep -q /nf_tables.ko /lib/modules/$(uname -r)/modules.dep || rules=: ;;
esac
export LC_ALL bb ip ping tc rules`;

function head(mark: string): string {
	return `${preparation}
read -r up rest < /proc/uptime; last=$((\${up%%.*} + ${limits.evidenceNode}))
echo '${mark} ${words.clock} '$(date +%s.%N) $up
run() {
	name=$1 space=$2; shift 2
	read -r up rest < /proc/uptime
	echo; echo "${mark} ${words.begin} $name $space $up"
	if [ "\${up%%.*}" -ge $last ]; then echo "${mark} ${words.left} the time for this machine was over"; return; fi
	{ timeout -s KILL ${limits.evidenceProbe} "$@" < /dev/null 2>&1; ended=$?; echo; echo "${mark} ${words.end} $ended"; } | $bb head -c ${limits.evidenceProbeBytes}
}`;
}

/** Returns the script of all these probes. `mark` begins the lines between the outputs: no program prints it. */
export function nodeScript(probes: readonly Probe[], mark: string): string {
	const parts = probes.map(probe => {
		const {name, command} = probe;
		const files = namespacesOf(probe);
		const inner = `$bb ${quoteAll(['sh', '-c', command])}`;
		return files === undefined
			? `run ${name} - ${inner}`
			: `for f in ${files}; do [ -e "$f" ] && run ${name} "\${f##*/}" $bb ${nsenter(['--net="$f"'], []).join(' ')} ${inner}; done`;
	});
	return `${[head(mark), ...parts].join('\n')}\ntrue`;
}

/** One part of a script's output. */
export interface Part {
	probe: string;
	namespace?: string;
	text: string;
	/** Seconds since the node's kernel started, when it began. */
	uptime?: number;
	trouble?: string;
}

/**
 * What nsenter prints, of busybox or util-linux, where a file is no namespace any more: the engine removes the file up to a minute
 * later (moby libnetwork/osl: removeUnusedPaths).
 */
const isOfGone = /^nsenter: .*reassociate.*: Invalid argument\s*$/;

/** Parses the output of the script. Namespaces that are gone are left out. Output that was cut off anywhere gives the parts that are there. */
export function partsOf(output: string, mark: string): {startedAt?: number; uptime?: number; parts: Part[]} {
	const [before = '', ...rest] = output.split(`\n${mark} ${words.begin} `);
	const [, clock, uptime] = new RegExp(`^${mark} ${words.clock} ([\\d.]+)(?: ([\\d.]+))?$`, 'm').exec(before) ?? [];
	return {
		...(clock !== undefined && {startedAt: Number(clock)}),
		...(uptime !== undefined && {uptime: Number(uptime)}),
		parts: rest.flatMap(part => {
			const [first = '', ...lines] = part.split('\n');
			const [probe = '', namespace = '-', begun] = first.split(' ');
			const text = lines.join('\n');
			const at = text.lastIndexOf(`${mark} `);
			const [word = '', ...said] =
				at < 0
					? []
					: text
							.slice(at + mark.length + 1)
							.trim()
							.split(' ');
			const printed = (at < 0 ? text : text.slice(0, at)).replace(/(^|\n)Killed\n+$/, '$1').replace(/\n+$/, '\n');
			return isOfGone.test(printed)
				? []
				: {
						probe,
						...(namespace !== '-' && {namespace}),
						...(begun !== undefined && {uptime: Number(begun)}),
						text: printed,
						...troubleOf(at < 0 ? undefined : word, said.join(' ')),
					};
		}),
	};
}

function troubleOf(word: string | undefined, said: string): {trouble?: string} {
	if (word === words.left) {
		return {trouble: said};
	}

	if (word !== words.end) {
		return {
			trouble: `the output was cut off: it is longer than ${limits.evidenceProbeBytes} bytes, or the machine went away`,
		};
	}

	// 137: ended by SIGKILL, which is what `timeout` sends.
	return said === '0'
		? {}
		: {trouble: said === '137' ? `took longer than ${limits.evidenceProbe} s` : `ended with ${said}`};
}
