/** The probes that run when a claim about a stack did not pass. */
import type {Probe} from './probe.ts';
import {socketsOfProcesses} from './sockets.ts';

export const stackProbes: Probe[] = [
	{name: 'services', place: 'node', command: `ps auxww; ${socketsOfProcesses}`},
	{name: 'memory', place: 'node', command: 'uptime; free -m; df -h'},
	{
		name: 'logs',
		place: 'node',
		// The newest files say most. DevStack before 2017 keeps screen's logs, later releases use the journal.
		command:
			'for f in $(ls -t /opt/stack/logs/*.log /opt/stack/logs/screen/*.log /var/log/*/*.log 2> /dev/null | head -n 12); do echo "=== $f"; tail -n 100 "$f"; done',
	},
	{name: 'kernel-log', place: 'node', command: 'dmesg | tail -n 300'},
	{name: 'addresses', place: 'node', command: 'ip -br address; ip route; ip -br link'},
];
