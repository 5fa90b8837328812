/**
 * Known failures of stack.sh, one row each. A row explains a failure if it matches a line of the command that failed, and
 * `when` agrees. Rows of the network and of packages are in network-signatures.ts.
 */
import {networkSignatures} from './network-signatures.ts';
import {behindProxy} from './proxy.ts';
import type {Signature} from './signature.ts';
import {inLanguages} from './words.ts';

const identity =
	/(?:Unable to establish connection to|Discovering versions from the identity service failed|Failed to discover available identity versions|Could not find versioned identity endpoints|Could not determine a suitable URL for the plugin|HTTPConnectionPool\(host=|The requested URL could not be retrieved).*/;

/** If several rows match the same line, the first is reported. */
export const signatures: readonly Signature[] = [
	{
		name: 'disk full',
		shows: inLanguages['no space'],
		deep: true,
		cause: "the machine's disk is full",
		blame: 'lab',
		remedy: 'Give the machine a larger disk, or leave services out (ENABLED_SERVICES).',
	},
	{
		name: 'disk read-only',
		shows: /Read-only file system/,
		deep: true,
		cause: 'a file system of the machine is mounted read-only, or went so after an error of its disk',
		blame: 'lab',
		remedy: 'Look into dmesg of the machine, and make the file system writable.',
	},
	{
		name: 'out of memory',
		shows:
			/Cannot allocate memory|MemoryError|Out of memory: Kill|[Ff]atal error: Killed signal|internal compiler error: Killed|: line \d+: +\d+ Killed\b|unable to create new native thread/,
		deep: true,
		cause: 'the machine has too little memory',
		blame: 'lab',
		remedy: 'Give it more: --memory 8192. DevStack wants 8 GB for its default services.',
	},
	{
		name: 'host name',
		shows:
			/: nxdomain\b|^hostname: (?!invalid option|unrecognized).*|[Uu]nable to connect to epmd|Could not determine host ip address|(?:socket\.)?gaierror: .*|^ping: (?:unknown host|\S+: Name or service)/,
		when: ({output}) => !output.some(each => /Max retries exceeded|NewConnectionError|https?:\/\//.test(each)),
		deep: true,
		cause: 'the machine does not know its own name or address: programs that ask for it fail (RabbitMQ does)',
		quotes: /nxdomain|^hostname: |Could not determine host ip address/,
		blame: 'lab',
		remedy: 'Name it in /etc/hosts, as `hostname` prints it, and set HOST_IP: --localrc HOST_IP=ADDRESS.',
	},
	...networkSignatures,
	{
		name: 'another session',
		shows: /^You are already running a stack\.sh session\./,
		cause: 'an earlier stack.sh runs on this machine still',
		blame: 'lab',
		remedy: './unstack.sh, and ./clean.sh if that does not help; MySQL and RabbitMQ stay up.',
		apply: 'unstack first',
	},
	{
		name: 'left behind',
		shows: new RegExp(
			`^ln: .*(?:${inLanguages['file exists'].source})|^fatal: destination path .* already exists and is not an empty directory|[Vv]olume group .* already exists|^RTNETLINK answers: File exists|local changes to the following files would be overwritten|^mkdir: .*(?:${inLanguages['file exists'].source})`,
		),
		cause: 'an earlier stack left something behind on this machine that is in the way',
		quotes: true,
		blame: 'lab',
		remedy: './unstack.sh and ./clean.sh, or take a fresh machine.',
		apply: 'unstack first',
	},
	{
		name: 'port taken',
		shows: /Address already in use|EADDRINUSE/,
		cause: 'a port is taken by another program, or by what an earlier stack left running',
		quotes: true,
		blame: 'lab',
		remedy: 'Find it (ss -ltnp) and stop it, or run ./unstack.sh.',
		apply: 'unstack first',
	},
	{
		name: 'MySQL denied',
		shows:
			/(?:\b1698\b.*|plugin '?(?:auth|unix)_socket.*)Access denied for user|Access denied for user .*\(?(?:auth|unix)_socket/,
		cause:
			'MySQL lets its root in by the socket only (auth_socket, unix_socket), not by a password: it was installed before, or by another',
		quotes: /Access denied for user/,
		blame: 'lab',
		remedy:
			"Give root a password (ALTER USER 'root'@'localhost' IDENTIFIED …), or purge the server: apt-get purge, remove /var/lib/mysql.",
		apply: 'purge MySQL',
	},
	{
		name: 'MySQL denied',
		shows: /Access denied for user '|Host '.*' is not allowed to connect to this (?:MySQL|MariaDB)/,
		cause: 'MySQL was installed before with another root password, which only its first installation sets',
		quotes: /Access denied for user|not allowed to connect/,
		blame: 'lab',
		remedy:
			'Use the password of the first time, or purge the server: apt-get purge mysql-server, remove /var/lib/mysql.',
		apply: 'purge MySQL',
	},
	{
		name: 'Open vSwitch denied',
		shows: /ovs-\w+: unix:\S*\.sock: database connection failed \(Permission denied\)/,
		cause: 'ovs-vsctl was called without the rights to talk to ovsdb-server, or its service is one of another time',
		blame: 'product',
		remedy: 'Restart openvswitch-switch and stack again.',
		apply: 'restart Open vSwitch',
	},
	{
		name: 'Open vSwitch does not run',
		shows:
			/ov[ns]-\w+: unix:\S*\.sock: database connection failed \((?:No such file or directory|Connection refused)\)/,
		cause: 'ovsdb-server does not run: nothing listens on its socket',
		quotes: /ov[ns]-\w+: /,
		blame: 'product',
		remedy: 'Look into the log of openvswitch-switch (ovn-central, ovs-vswitchd), start it, and stack again.',
		apply: 'restart Open vSwitch',
	},
	{
		name: 'Keystone behind a proxy',
		shows: identity,
		when: behindProxy,
		cause:
			'the clients ask Keystone through the proxy. That it “started” says nothing: wait_for_service asks without a proxy and takes any answer',
		quotes: /HTTPS?ConnectionPool|could not be retrieved|\(HTTP \d+\)/,
		blame: 'lab',
		remedy: 'Name the machine in no_proxy, address by address: --localrc no_proxy=localhost,127.0.0.1,ADDRESS.',
		apply: 'no_proxy',
	},
	{
		name: 'Keystone does not answer',
		shows: identity,
		when: ({output}) => output.some(each => /identity|plugin|:(?:5000|35357)\b/.test(each)),
		cause: 'a client cannot use Keystone',
		quotes: /identity (?:service|versions|endpoints)|suitable URL|\(HTTP \d+\)|Unable to establish connection/,
		blame: 'product',
		remedy:
			'Ask it: curl -i the URL; then look into the logs of keystone and of Apache. A certificate that the client does not trust is one, too.',
	},
	{
		name: 'a service does not start',
		shows:
			/^Job for (\S+) (?:failed|canceled)|^invoke-rc\.d: initscript \S+, action "(?:re)?start" failed|^Failed to (?:re)?start \S+/,
		cause: 'a service of the system does not start',
		quotes: /^Job for|^invoke-rc\.d|^Failed to/,
		blame: 'product',
		remedy: 'Look into `systemctl status` and `journalctl -xe` of that service.',
	},
	{
		name: 'system not supported',
		shows: /If you wish to run this script anyway run with FORCE=yes|Unable to determine DISTRO/,
		cause: 'this release of DevStack does not know the system on the machine',
		blame: 'lab',
		remedy: 'Take a release and a system that know each other: see docs/devstack.md.',
	},
	{
		name: 'wrong user',
		shows:
			/^You are running this script as root|^(?:This script|stack\.sh) .*(?:not|cannot) be run (?:as|by) root|is to be run by a user such as stack|^You appear to be running (?:under|in) a python virtualenv|\.no-devstack\b|did you grab more than just stack\.sh/,
		cause: 'stack.sh was started by the wrong user or in the wrong place',
		quotes: true,
		blame: 'lab',
		remedy: 'Run it as a user of its own: tools/create-stack-user.sh makes one.',
	},
	{
		name: 'rights',
		shows: new RegExp(
			`^sudo: (?:no tty present|a password is required|a terminal is required|\\d+ incorrect password|.*not allowed|sorry, ).*|is not in the sudoers file|are you root\\?|${inLanguages['permission denied'].source}`,
			'i',
		),
		when: ({output}) => !output.some(each => /publickey|^ovs-/.test(each)),
		cause: 'a user lacks the rights to do that on this machine',
		quotes: true,
		blame: 'lab',
		remedy: 'stack must own /opt/stack and its tree and may use sudo without a password: tools/create-stack-user.sh.',
	},
	{
		name: 'line ends',
		shows: /\$'\\r': |bad interpreter.*\^M|'\\r': command not found/,
		deep: true,
		cause: 'a script has the line ends of Windows',
		quotes: true,
		blame: 'lab',
		remedy: 'Check the tree out with core.autocrlf=input, or run dos2unix over it.',
	},
	{
		name: 'local.conf',
		shows: /^\S*(?:\.localrc\.(?:auto|password)|\/localrc|\/local\.conf): (?:\S+ )?\d+: /,
		cause: 'what local.conf says is no shell that bash can read',
		quotes: true,
		blame: 'lab',
		remedy: 'Mend that line: --localrc NAME=value.',
	},
	{
		name: 'asks for a password',
		shows: /^(?:Enter a password now:|enter a password to use for|\[sudo\] password for|Enter password: ?$)/i,
		last: true,
		cause: 'local.conf lacks a password, and stack.sh asks for it on a terminal, where no user answers',
		blame: 'lab',
		remedy: 'Set it: --localrc NAME=value.',
	},
];

/** A script that users write themselves. stack.sh runs it at its end. */
export const usersScript: Signature = {
	name: 'local.sh',
	shows: /(?:^|[\s/])local\.sh\b|^Running user script /,
	cause: 'local.sh, which is no part of DevStack, fails',
	quotes: true,
	blame: 'lab',
	remedy: 'Mend local.sh, or move it away: all that stack.sh itself does was done before.',
};

/**
 * Lines that look like a cause and never are: they come after stack.sh has given up. The exit trap calls `generate-subunit`
 * even if it is not installed (4af2afcd to cbd5f4e0), which also makes the exit code 127. worlddump of that time asks Open
 * vSwitch without sudo (fixed by 6ba17f7d). Later ones ask Open vSwitch even if it does not run.
 */
export const aftermath: readonly {shows: RegExp; why: string}[] = [
	{shows: /generate-subunit: command not found/, why: 'the exit trap calls generate-subunit before it is installed'},
	{
		shows: /db\.sock: (?:database connection|connection attempt) failed \(Permission denied\)/,
		why: 'worlddump asks Open vSwitch without sudo',
	},
	{
		shows: /db\.sock: (?:database connection|connection attempt) failed/,
		why: 'worlddump asks Open vSwitch, which does not run',
	},
	{shows: /worlddump/i, why: 'the state of the machine was dumped'},
];
