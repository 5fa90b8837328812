/** One curl command for many requests, because under emulation a process costs more than a request. Pure. */
import type {Answer, WhoAmI} from './answers.ts';

export interface GetOptions {
	/** Number of requests, sent one after the other; 1 by default. */
	connections?: number;
	/** Sends all requests on one connection instead of one connection each. */
	keepAlive?: boolean;
	/** Seconds for each request; 5 by default. */
	timeout?: number;
	/** An address for a name, as curl's option `--resolve` takes it: `web:80:10.200.1.2`. */
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

/** Returns the words of the curl command. */
export function curlCommand(url: string, options: GetOptions = {}): string[] {
	const {connections = 1, keepAlive = false, timeout = 5, resolve} = options;
	return [
		'curl',
		'-sS',
		// Only the verbose output has the reason of a failed connection: since 7.84 errors say "Couldn't connect to server".
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

/** Returns the seconds after which the whole command hangs and is not just slow. */
export function curlLimit({connections = 1, timeout = 5}: GetOptions): number {
	return connections * timeout + 30;
}

/** Parses the output of the command. Output after the last report (curl was killed) is left out. */
export function parseCurl(stdout: string, stderr = ''): Answer[] {
	// stderr has the errors in the order of the failed transfers; a newer curl repeats them in its report.
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

/** Returns curl's errors in order. The error of a failed connection has the system's own reason. */
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
