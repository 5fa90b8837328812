/** How ssh is called. One connection per machine is multiplexed: a command costs 40 ms instead of half a second. */
import type {SshHandle} from '../model/index.ts';

/**
 * Options of every call. Machines are made and thrown away, so their host keys are not checked. The key exchange and the
 * ciphers are those that an emulated CPU computes quickly.
 */
const options = [
	'StrictHostKeyChecking=no',
	'UserKnownHostsFile=/dev/null',
	'GlobalKnownHostsFile=/dev/null',
	'LogLevel=ERROR',
	'BatchMode=yes',
	'IdentitiesOnly=yes',
	'IdentityAgent=none',
	'PreferredAuthentications=publickey',
	'KexAlgorithms=curve25519-sha256',
	'Ciphers=aes128-gcm@openssh.com,chacha20-poly1305@openssh.com',
	'ConnectTimeout=10',
	'ServerAliveInterval=5',
	'ServerAliveCountMax=6',
	'GSSAPIAuthentication=no',
	'UpdateHostKeys=no',
];

/** Options and destination of `ssh` for a machine; also what a person may call by hand. Own settings of the user are left out. */
export function sshArguments({reach: ssh}: Pick<SshHandle, 'reach'>, more: readonly string[] = []): string[] {
	return [...common({reach: ssh}), '-p', String(ssh.port), ...more, `${ssh.user}@${ssh.host}`];
}

/** The same for `scp`; `source` and `target` are written by `remote` where they are on the machine. */
export function scpArguments({reach: ssh}: Pick<SshHandle, 'reach'>, source: string, target: string): string[] {
	return [...common({reach: ssh}), '-P', String(ssh.port), '-r', '-q', source, target];
}

/** A path on the machine, for scp. */
export function remote({reach: ssh}: Pick<SshHandle, 'reach'>, path: string): string {
	return `${ssh.user}@${ssh.host}:${path}`;
}

/** Arguments that open the shared connection with the Docker API forwarded on it, and leave it in the background. */
export function masterArguments(handle: Pick<SshHandle, 'reach' | 'engine'>, log: string): string[] {
	return sshArguments(handle, [
		'-M',
		'-N',
		'-f',
		'-E',
		log,
		'-o',
		'ControlPersist=yes',
		'-o',
		'ExitOnForwardFailure=yes',
		'-o',
		'StreamLocalBindUnlink=yes',
		'-L',
		`${handle.engine.socket}:/var/run/docker.sock`,
	]);
}

function common({reach: ssh}: Pick<SshHandle, 'reach'>): string[] {
	return [
		'-F',
		'none',
		'-i',
		ssh.identityFile,
		'-o',
		`ControlPath=${ssh.controlPath}`,
		...options.flatMap(option => ['-o', option]),
	];
}
