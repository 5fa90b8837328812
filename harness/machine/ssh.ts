/** Arguments of ssh and scp. One connection per machine is multiplexed: a command costs 40 ms instead of half a second. */
import type {MachineHandle} from '../model/index.ts';

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

/** Returns options and destination of `ssh` for a machine, also for use by hand. The user's own ssh settings are ignored. */
export function sshArguments({reach: ssh}: Pick<MachineHandle, 'reach'>, more: readonly string[] = []): string[] {
	return [...common({reach: ssh}), '-p', String(ssh.port), ...more, `${ssh.user}@${ssh.host}`];
}

/** Returns the same for `scp`. A `source` or `target` on the machine comes from `remote()`. */
export function scpArguments({reach: ssh}: Pick<MachineHandle, 'reach'>, source: string, target: string): string[] {
	return [...common({reach: ssh}), '-P', String(ssh.port), '-r', '-q', source, target];
}

/** Returns a path on the machine in scp's form. */
export function remote({reach: ssh}: Pick<MachineHandle, 'reach'>, path: string): string {
	return `${ssh.user}@${ssh.host}:${path}`;
}

/** Returns arguments that open the shared connection, forward the Docker API on it, and leave it in the background. */
export function masterArguments(handle: Pick<MachineHandle, 'reach' | 'engine'>, log: string): string[] {
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

function common({reach: ssh}: Pick<MachineHandle, 'reach'>): string[] {
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
