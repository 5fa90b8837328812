/** What to do about a Docker host that does not answer. Pure. */

/** Each row: what the error's code or message contains, and the remedy. The first that fits counts. */
const rows: [pattern: RegExp, remedy: (url: string) => string][] = [
	[
		/EACCES|EPERM/,
		url =>
			`Let this user use ${url}: sudo adduser $USER docker, and log in again. Who may use Docker is as powerful as root.`,
	],
	[
		/HTTP request to an HTTPS server/,
		() =>
			'This Docker host wants TLS: set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder of its certificates.',
	],
	[
		/wrong version number|packet length too long/i,
		() => 'This Docker host does not use TLS: unset DOCKER_TLS_VERIFY, or name its port with TLS (2376).',
	],
	[
		/certificate required|bad certificate|unknown ca|alert/i,
		() => "The Docker host refuses the client's certificate: cert.pem must be signed by the authority that it trusts.",
	],
	[
		/Hostname\/IP does not match|altnames/i,
		() => 'Name the Docker host by a name or an address that is in its certificate.',
	],
	[
		/certificate|self-signed|unable to verify/i,
		() => 'ca.pem must be the authority that signed the certificate of the Docker host, and both must be valid today.',
	],
	[/ENOTFOUND|EAI_AGAIN/, url => `Look at the name of the host in ${url}: it cannot be resolved.`],
	[
		/ENOENT|ECONNREFUSED|ECONNRESET|ENOTSOCK|socket hang up/,
		url =>
			url.startsWith('unix:')
				? 'Install Docker (sudo apt-get install docker.io) and start it (sudo systemctl start docker), or name another host: DOCKER_HOST=tcp://… or ssh://….'
				: `Look whether Docker runs there and listens at ${url}, or name another host by DOCKER_HOST or DOCKER_CONTEXT.`,
	],
];

/** Returns the remedy for an error of a call to the Docker host. */
export function remedyOfNoAnswer(url: string, error: Error): string {
	const {code = '', message} = error as NodeJS.ErrnoException;
	const text = `${code} ${message}`;
	const [, remedy] = rows.find(([pattern]) => pattern.test(text)) ?? [];
	return (
		remedy?.(url) ??
		`Look whether ${url} can be reached from here, or name another host by DOCKER_HOST or DOCKER_CONTEXT.`
	);
}
