/** What the harness itself can do before it tries stack.sh again: a table. It does so once, and the result reports it. */
import {quote} from '../machine/index.ts';

export type RemedyName =
	| 'https base'
	| 'unstack first'
	| 'apt sources'
	| 'purge MySQL'
	| 'restart Open vSwitch'
	| 'no_proxy';

export interface Remedy {
	/** For the log: `GIT_BASE=https://…`. */
	what: string;
	/** Returns additional lines of local.conf. */
	localrc?: (machine: {hostIp: string}) => Record<string, string>;
	/** Shell commands as root. The variable `TREE` names the tree. */
	commands?: string[];
}

/** Server of OpenStack's trees since 2019. Older releases name a server that is gone. */
const gitBase = `https://${['opendev', 'org'].join('.')}`;

export const remedies: Record<RemedyName, Remedy> = {
	'https base': {what: `clones over https: GIT_BASE=${gitBase}`, localrc: () => ({GIT_BASE: gitBase})},
	// unstack.sh and clean.sh run before every second try anyway.
	'unstack first': {what: 'ran unstack.sh first'},
	'apt sources': {
		what: 'left out the package sources that cannot be read, and the note that packages are installed already',
		localrc: () => ({FORCE_PREREQ: '1'}),
		commands: [
			// Comments out, line by line, the sources of each server from which a fetch failed (404). Acquire::Check would not
			// do that.
			`apt-get update 2>&1 | sed -nE 's/^(W: Failed to fetch|Err:?[0-9]*) +(https?:\\/\\/[^ ]+).*/\\2/p' | cut -d/ -f1-3 | sort -u | while read -r host; do sed -i ${quote('s|^deb .*')}"$host"${quote('|# &|')} /etc/apt/sources.list /etc/apt/sources.list.d/*.list; done`,
			'rm -f "$TREE"/.prereqs "$TREE"/../.prereqs',
		],
	},
	'purge MySQL': {
		what: 'removed MySQL with its data',
		commands: [
			"DEBIAN_FRONTEND=noninteractive apt-get purge -y 'mysql-server*' 'mariadb-server*'",
			'rm -rf /var/lib/mysql /etc/mysql',
		],
	},
	'restart Open vSwitch': {
		what: 'restarted Open vSwitch',
		commands: ['service openvswitch-switch restart'],
	},
	no_proxy: {
		what: 'named the machine in no_proxy',
		localrc: ({hostIp}) => ({no_proxy: `localhost,127.0.0.1,${hostIp}`}),
	},
};
