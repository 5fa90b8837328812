/**
 * What is known to go wrong in stack.sh: a row each. A signature is the explanation only when its `shows` is among the
 * last words before stack.sh gave up, and all of `with` were said before.
 */
import type {RemedyName} from './remedies.ts';

/** `lab`: the machine, the network or what we wrote; `product`: DevStack or OpenStack. */
export type Blame = 'lab' | 'product';

export interface Signature {
	name: string;
	/** The line that shows it. */
	shows: RegExp;
	with?: RegExp[];
	cause: string;
	blame: Blame;
	/** What a person does about it. */
	remedy: string;
	/** What the harness can do itself, when asked (`--retry-with-remedy`). */
	apply?: RemedyName;
}

/** The first that fits is told, so what explains others stands above them. */
export const signatures: readonly Signature[] = [
	{
		name: 'disk full',
		shows: /No space left on device/,
		cause: "the machine's disk is full",
		blame: 'lab',
		remedy: 'Give the machine a larger disk, or leave services out (ENABLED_SERVICES).',
	},
	{
		name: 'out of memory',
		shows: /Cannot allocate memory|MemoryError|Out of memory: Kill/,
		cause: 'the machine has too little memory',
		blame: 'lab',
		remedy: 'Give it more: --memory 8192. DevStack wants 8 GB for its default services.',
	},
	{
		name: 'git blocked',
		shows: /git call failed: \[git clone (?:git:\/\/|\S+)/,
		with: [/fatal: unable to (?:connect to|access|look up)|Could not resolve host|Connection (?:refused|timed out)/],
		cause: 'trees cannot be cloned: the way to the git server is blocked, or it is gone (git://, port 9418, often is)',
		blame: 'lab',
		remedy: 'Clone over https from a server that is there: --localrc GIT_BASE=https://… , or carry the trees in.',
		apply: 'https base',
	},
	{
		name: 'another session',
		shows: /^You are already running a stack\.sh session\./,
		cause: 'an earlier stack.sh runs on this machine still',
		blame: 'lab',
		remedy: './unstack.sh, and ./clean.sh if that does not help; MySQL and RabbitMQ stay up.',
		apply: 'unstack first',
	},
	{
		name: 'apt sources',
		shows: /Failed to update apt repos, we're dead now|Unable to locate package|Unable to fetch some archives/,
		with: [/Failed to fetch|404 {2}Not Found|Unable to locate package|Could not resolve/],
		cause:
			'apt cannot read a package source of the machine: the release is gone from that mirror, or it cannot be reached',
		blame: 'lab',
		remedy: 'Give the machine sources that are there; FORCE_PREREQ=1 makes stack.sh try again within two hours.',
		apply: 'apt sources',
	},
	{
		name: 'MySQL denied',
		shows: /ERROR 1045 \(28000\): Access denied for user/,
		cause: 'MySQL was installed before with another root password, which only its first installation sets',
		blame: 'lab',
		remedy:
			'Use the password of the first time, or purge the server: apt-get purge mysql-server, remove /var/lib/mysql.',
		apply: 'purge MySQL',
	},
	{
		name: 'Open vSwitch denied',
		shows: /ovs-vsctl: unix:\S*db\.sock: database connection failed \(Permission denied\)/,
		cause: 'ovs-vsctl was called without the rights to talk to ovsdb-server, or its service is one of another time',
		blame: 'product',
		remedy: 'Restart openvswitch-switch and stack again.',
		apply: 'restart Open vSwitch',
	},
	{
		name: 'Keystone behind a proxy',
		shows:
			/(?:Unable to establish connection to|Discovering versions from the identity service failed|HTTPConnectionPool\(host=).*/,
		with: [/proxy|ERROR: The requested URL could not be retrieved|HTTP(?:S)?Connection.*(?:403|503)/i],
		cause:
			'the clients ask Keystone through the proxy. That it “started” says nothing: wait_for_service asks without a proxy and takes any answer',
		blame: 'lab',
		remedy: 'Name the machine in no_proxy, address by address: --localrc no_proxy=localhost,127.0.0.1,ADDRESS.',
		apply: 'no_proxy',
	},
	{
		name: 'system not supported',
		shows: /If you wish to run this script anyway run with FORCE=yes/,
		with: [/this script has not been tested on/],
		cause: 'this release of DevStack does not know the system on the machine',
		blame: 'lab',
		remedy: 'Take a release and a system that know each other: see docs/devstack.md.',
	},
	{
		name: 'asks for a password',
		shows: /^(?:################+|Enter a password now:|enter a password to use for)/i,
		cause: 'local.conf lacks a password, and stack.sh asks for it on a terminal that nobody sits at',
		blame: 'lab',
		remedy: 'Set it: --localrc NAME=value.',
	},
];

/**
 * What looks like a cause and never is: it comes after stack.sh has given up. `generate-subunit` is called by the trap
 * whether it is installed or not (4af2afcd to cbd5f4e0), which makes the exit code 127 as well; worlddump of that time
 * asks Open vSwitch without sudo (fixed by 6ba17f7d).
 */
export const aftermath: readonly {shows: RegExp; why: string}[] = [
	{shows: /generate-subunit: command not found/, why: 'the exit trap calls generate-subunit before it is installed'},
	{shows: /ovs-vsctl: unix:\S*db\.sock: database connection failed/, why: 'worlddump asks Open vSwitch without sudo'},
	{shows: /worlddump/i, why: 'the state of the machine was dumped'},
];
