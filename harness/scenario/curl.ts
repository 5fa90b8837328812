/** One curl for many requests: under emulation a process costs more than the request. Pure. */
import type {Answer, WhoAmI} from './answers.ts';

export interface GetOptions {
	/** How many requests, one after the other. */
	connections?: number;
	/** All on one connection instead of one connection each. */
	keepAlive?: boolean;
	/** Seconds for each. */
	timeout?: number;
	/** Name to address, as `--resolve` wants it: `web:80:10.200.1.2`. */
	resolve?: string;
}

const mark = '@@swarmlab';

/** What curl writes after each transfer; newer variables are empty in a curl that does not know them. */
const report = [
	mark,
	'%{http_code}',
	'%{exitcode}',
	'%{local_port}',
	'%{size_download}',
	'%{time_total}',
	'%{time_connect}',
	'%{errormsg}',
].join('|');

/** Words of the command. */
export function curlCommand(url: string, options: GetOptions = {}): string[] {
	const {connections = 1, keepAlive = false, timeout = 5, resolve} = options;
	return [
		'curl',
		'-sS',
		// The reason of a connection that was not made stands in no other place: errors say "Couldn't connect to server" since 7.84.
		'-v',
		'-4',
		'--max-time',
		String(timeout),
		...(keepAlive ? [] : ['-H', 'Connection: close']),
		...(resolve ? ['--resolve', resolve] : []),
		'-w',
		String.raw`\n${report}\n`,
		...Array<string>(connections).fill(url),
	];
}

/** Seconds after which the whole command is hung, rather than slow. */
export function curlLimit({connections = 1, timeout = 5}: GetOptions): number {
	return connections * timeout + 30;
}

/** Reads what the command wrote. What came after the last report (curl was killed) is left out. */
export function parseCurl(stdout: string, stderr = ''): Answer[] {
	// Errors stand on stderr in the order of the transfers that failed; a newer curl repeats them in its report.
	const errors = errorsOf(stderr);
	const pattern = /([\s\S]*?)\n?@@swarmlab\|(\d*)\|(\d*)\|(-?\d*)\|(\d*)\|([\d.]*)\|([\d.]*)\|(.*)(?:\n|$)/g;
	return [...stdout.matchAll(pattern)].map((found, index) => {
		const [, body = '', status, exit, port, bytes, total, connect, message = ''] = found;
		const failed = exit ? exit !== '0' : Number(status) === 0;
		const error = failed ? (errors.shift() ?? `curl: (${exit}) ${message}`) : '';
		return {
			number: index + 1,
			status: Number(status),
			body,
			who: parseWho(body),
			localPort: Number(port),
			bytes: Number(bytes),
			seconds: Number(total),
			connectSeconds: Number(connect),
			error,
		};
	});
}

/** curl's errors in their order, each with the system's own reason where a connection was not made. */
function errorsOf(stderr: string): string[] {
	const errors: string[] = [];
	let reason: string | undefined;
	for (const line of stderr.split('\n')) {
		reason = /^\* +(?:connect to .* failed|Immediate connect fail for [^:]+): (.+)$/.exec(line)?.[1] ?? reason;
		if (line.startsWith('curl: (')) {
			errors.push(reason && !line.includes(reason) ? `${line} (${reason})` : line);
			reason = undefined;
		}
	}

	return errors;
}

function parseWho(body: string): WhoAmI | undefined {
	try {
		const value = JSON.parse(body) as Partial<WhoAmI>;
		return typeof value.taskId === 'string' ? (value as WhoAmI) : undefined;
	} catch {
		return undefined;
	}
}
