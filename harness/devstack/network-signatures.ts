/**
 * Known failures between the machine and the servers of packages, trees and images, and of the machine's own package manager.
 * Rows match the words of each tool: "connection refused" alone may be a service that did not start.
 */
import type {Signature, SignatureContext} from './signature.ts';

/** Ports of OpenStack's own services, its database and its queue. */
const ownPorts =
	/(?::| port )(?:5000|35357|877[3-8]|929[26]|9191|9696|608[0-2]|8080|800[0-4]|5672|15672|3306|2379|11211|6385|9511|9876|9322|6640|6641|6642)\b/;

/** Returns whether a line is about a service on the machine itself. Such a failure is none of the network. */
const ofItself = (line: string) =>
	/\b(?:localhost|127\.\d+\.\d+\.\d+)\b|\[::1\]|https?:\/\/[\d.]+\/(?:identity|compute|image|volume|placement|networking)\b/.test(
		line,
	) || ownPorts.test(line);

/** A download error is no failure of the network if the machine asked itself. */
const outside =
	(shows: RegExp) =>
	({output, command = ''}: SignatureContext): boolean =>
		!ofItself(command) && output.some(each => shows.test(each) && !ofItself(each));

const downloads =
	/^(?:\S+ )?curl: \((?:[1-9]|1\d|2[2-8]|3[5-7]|5[1-9]|6\d|7\d|8\d|9\d)\)|^wget: (?:unable to resolve|can't connect|bad address|download timed out|server returned)|unable to resolve host address|^npm ERR! (?:network|code E(?:NOTFOUND|CONN|TIMEDOUT|AI_AGAIN))|^Resolving \S+ .*failed: |^ERROR \d{3}: |ERROR 40[34]: |^Connecting to .* failed: |Giving up\.$|^Failed to download|^--\d{4}-.*-- +https?:.* failed: /;

const pipNetwork =
	/Cannot fetch index base URL|Could not fetch URL|[Cc]onnection broken by|(?:HTTPS?ConnectionPool\(host=.*(?:Max retries exceeded|Read timed out|timed out))|ReadTimeoutError|ConnectTimeoutError|NewConnectionError|Download error on https?:|HTTP error \d+ while getting|urlopen error|Could not install packages due to an (?:EnvironmentError|OSError): HTTPS?Con|ProtocolError: \('Connection|IncompleteRead|connection timed out|(?:pip\S*|requests)\.(?:exceptions\.)?(?:ConnectionError|SSLError|HTTPError)/;

const gitNetwork =
	/^(?:fatal|error): (?:unable to (?:connect to|access|look up)|read error: |[Tt]he remote end hung up|RPC failed|early EOF|protocol error|remote error: |repository '?\S+?'? (?:not found|does not exist)|could not read (?:Username|Password) for|Authentication failed for|Could not read from remote repository|index-pack failed|fetch-pack|.*did not send all necessary objects|.*gnutls|unable to update url base)|^ssh: (?:connect to host|Could not resolve)/;

const branchGone =
	/Remote branch \S+ not found in upstream|[Cc]ouldn't find remote ref|pathspec '.*' did not match any file|reference is not a tree/;

/** What git prints about the machine's own disk. */
const localGit =
	/could not create (?:work tree|leading directories)|already exists and is not an empty|cannot open \S+: |unable to create (?:file|temporary)|unsafe repository|dubious ownership|would be overwritten/;

/** Shows that pip, or a program that does its work, was running at all. */
const ofPip =
	/\bpip\b|pip[\d._-]|\/simple\/|get-pip|index base URL|fetch URL|^\s*Collecting |requirement|setup\.py|easy_install|virtualenv/;

/** Errors with which pip stops although the index answered. */
const pipAnswered =
	/from versions: (?!none\b)[^\s)]|Cannot uninstall|conflicting dependencies|requires a different Python|DO NOT MATCH THE HASHES|Command .*setup\.py .* failed|metadata-generation-failed/;

const aptNetwork =
	/Failed to fetch|404 {2}Not Found|Unable to locate package|has no installation candidate|Could not resolve|Temporary failure resolving|Could not connect to|Cannot initiate the connection|does not have a Release file|is not (?:signed|valid yet)|NO_PUBKEY|Hash Sum mismatch|Clearsigned file isn't valid|Some index files failed to download/;

/** yum, dnf and zypper. */
const rpmNetwork =
	/Cannot (?:find a valid baseurl|retrieve repository metadata|download repo|prepare internal mirrorlist)|Failed to (?:download metadata|synchronize cache) for repo|No more mirrors to try|Error: (?:Unable to find a match|Nothing to do$)|Download \(curl\) error|Status code: \d+ for https?:/;

export const networkSignatures: readonly Signature[] = [
	{
		name: 'package manager locked',
		shows:
			/^(?:E: |dpkg: error: |Waiting for cache lock: ).*(?:(?:\block\b|\blocked\b|Sperre|verrou|bloqueo|锁|鎖|ロック|блокир)(?!.*\(13:)).*|is another process using it\?|holding the yum lock|Existing lock \S+: another copy|^Waiting for process with pid \d+ to finish|System management is locked by/,
		when: ({output}) => !output.some(each => /\(13: |are you root\?/.test(each)),
		cause: 'the lock of dpkg (apt, yum) is held by another process: the machine installs or updates by itself',
		quotes: true,
		blame: 'lab',
		remedy:
			'Wait until it has ended, or stop it: systemctl stop unattended-upgrades apt-daily.timer apt-daily-upgrade.timer; then stack again.',
	},
	{
		name: 'packages left halfway',
		shows:
			/dpkg was interrupted, you must manually run|Unmet dependencies|unmet dependencies:|you have held broken packages|is not configured yet\./,
		cause: 'what dpkg has on this machine is left halfway or does not fit together',
		quotes: true,
		blame: 'lab',
		remedy: 'dpkg --configure -a, then apt-get --fix-broken install; or take a fresh machine.',
	},
	{
		name: 'git blocked',
		shows: new RegExp(
			`git call failed: \\[git (?:clone|fetch|pull|remote|ls-remote|submodule)\\b|${gitNetwork.source}`,
		),
		when: ({output}) => !output.some(each => branchGone.test(each) || localGit.test(each)),
		cause: 'trees cannot be cloned: the way to the git server is blocked, or it is gone (git://, port 9418, often is)',
		blame: 'lab',
		remedy: 'Clone over https from a server that is there: --localrc GIT_BASE=https://… , or carry the trees in.',
		apply: 'https base',
	},
	{
		name: 'branch gone',
		shows: branchGone,
		cause:
			'the branch or tag is not on the git server: it was closed (stable/… became …-eol), or local.conf names a wrong one',
		quotes: true,
		blame: 'lab',
		remedy: 'Name one that is there: --localrc NOVA_BRANCH=…, or a release whose branches are open.',
	},
	{
		name: 'cloning not allowed',
		shows: /ERROR_ON_CLONE is set to True|project was not found; if this is a gate job/,
		cause: 'local.conf forbids to clone (ERROR_ON_CLONE), and a tree is not on the machine',
		quotes: /not found/,
		blame: 'lab',
		remedy: 'Carry the tree in, or leave ERROR_ON_CLONE out.',
	},
	{
		name: 'PyPI unreachable',
		shows: pipNetwork,
		deep: true,
		when: around =>
			[around.command ?? '', ...around.output].some(each => ofPip.test(each)) &&
			(!around.output.some(each => pipAnswered.test(each)) ||
				around.output.some(each => /Download error on/.test(each))) &&
			outside(pipNetwork)(around),
		cause: 'pip cannot reach the package index: the way to it is blocked, or it is gone',
		quotes: pipNetwork,
		blame: 'lab',
		remedy:
			'Give the machine a way to it, or an index that it reaches, in /etc/pip.conf (what sudo drops does not arrive).',
	},
	{
		name: 'apt sources',
		shows: new RegExp(
			`Failed to update apt repos, we're dead now|Unable to fetch some archives|${aptNetwork.source}|${rpmNetwork.source}`,
		),
		// apt goes on after warnings alone.
		when: ({output}) => output.some(each => /^E: |^Error: |we're dead now|No more mirrors/.test(each)),
		cause:
			'a package source of the machine cannot be read: the release is gone from that mirror, or it cannot be reached',
		blame: 'lab',
		remedy: 'Give the machine sources that are there; FORCE_PREREQ=1 makes stack.sh try again within two hours.',
		apply: 'apt sources',
	},
	{
		name: 'download failed',
		shows: new RegExp(`${downloads.source}|\\[ERROR\\] .*[Dd]ownload(?:ing)?\\b.* failed\\b`),
		when: around => !around.output.some(each => downloads.test(each)) || outside(downloads)(around),
		cause: 'a file cannot be downloaded: its server, or the way to it, does not work',
		quotes: downloads,
		blame: 'lab',
		remedy:
			'Try its address by hand on the machine (proxy? DNS?), or put the file where stack.sh looks for it (files/).',
	},
	{
		name: 'download damaged',
		shows:
			/unexpected end of file$|Unexpected EOF in archive|not in gzip format|computed checksums? did NOT match|End-of-central-directory signature not found/,
		cause: 'a file that was downloaded is damaged or not whole',
		quotes: true,
		blame: 'lab',
		remedy: 'Remove it (files/ in the tree, .../data) and stack again: it is downloaded once more.',
	},
];
