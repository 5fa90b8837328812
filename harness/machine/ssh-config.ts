/** The machines of a cell as a configuration of ssh, for the user's own ssh, scp, rsync and editors. Pure. */
import type {SshHandle} from '../model/index.ts';

/**
 * Returns a block for each machine, in the syntax of ssh_config(5). Host keys are not checked: machines are made and thrown
 * away.
 */
export function sshConfig(machines: readonly Pick<SshHandle, 'name' | 'reach'>[]): string {
	return machines
		.map(({name, reach: {host, port, user, identityFile}}) =>
			[
				`Host ${name}`,
				`  HostName ${host}`,
				`  Port ${port}`,
				`  User ${user}`,
				`  IdentityFile "${identityFile}"`,
				'  IdentitiesOnly yes',
				'  StrictHostKeyChecking no',
				'  UserKnownHostsFile /dev/null',
				'  LogLevel ERROR',
			].join('\n'),
		)
		.join('\n\n');
}
