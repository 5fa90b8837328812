/** Lines that a person pastes into a shell of this host to get at a machine. Pure. */
import type {ExecHandle, MachineHandle, SshHandle} from '../model/index.ts';
import {quoteAll} from './quote.ts';

/** Returns the beginning of a command line for a shell on the machine, and one for its Docker API. */
export function shellLines(handle: MachineHandle): {shell: string; docker: string} {
	const {socket, port} = handle.engine;
	const shell = handle.reach.by === 'ssh' ? sshWords(handle as SshHandle) : execWords(handle as ExecHandle);
	return {
		shell: quoteAll(shell),
		docker: quoteAll(['docker', '-H', port === undefined ? `unix://${socket}` : `tcp://127.0.0.1:${port}`]),
	};
}

/** Without the options that only make it quicker. Own settings of the user are left out, and host keys are not checked. */
function sshWords({reach: {identityFile, port, user, host}}: SshHandle): string[] {
	const unchecked = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
	return ['ssh', '-F', 'none', ...unchecked, '-i', identityFile, '-p', String(port), `${user}@${host}`];
}

function execWords({reach: {daemon, container}}: ExecHandle): string[] {
	return ['docker', '-H', daemon.url, 'exec', '-it', container, 'bash'];
}
