import test from 'ava';
import {checksOf, type DaemonFacts, type DaemonInfo} from './daemon-checks.ts';
import {remedyOfNoAnswer} from './no-answer.ts';

const info: DaemonInfo = {
	ID: 'A',
	ServerVersion: '28.5.2',
	KernelVersion: '6.1.0',
	OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
	OSType: 'linux',
	Architecture: 'x86_64',
	SecurityOptions: ['name=seccomp,profile=builtin', 'name=cgroupns'],
	CgroupVersion: '2',
	CgroupDriver: 'systemd',
	DockerRootDir: '/var/lib/docker',
	Plugins: {Authorization: null},
};
const good: DaemonFacts = {
	url: 'unix:///run/docker.sock',
	info,
	apiVersion: '1.51',
	lacks: {everySwarm: [], someClaims: []},
	freeMib: 50_000,
};
const secured = (option: string) => ({info: {...info, SecurityOptions: [...info.SecurityOptions!, option]}});
const {lacks: _, freeMib: __, ...remote} = good;

const rows: [what: string, facts: Partial<DaemonFacts>, told: string[], seenOrRemedy?: RegExp][] = [
	['as it is installed', {}, []],
	['of another machine', {...remote, lacks: undefined as never, freeMib: undefined as never}, []],
	['rootless', secured('name=rootless'), ['Docker host missing'], /rootless/],
	['with userns-remap', secured('name=userns'), ['Docker host missing'], /daemon\.json/],
	['that is too old', {apiVersion: '1.40'}, ['Docker host missing'], /20\.10/],
	['with the oldest API', {apiVersion: '1.41'}, []],
	['of another architecture', {info: {...info, Architecture: 'aarch64'}}, ['Docker host missing'], /x86_64/],
	['for Windows', {info: {...info, OSType: 'windows'}}, ['Docker host missing'], /Linux/],
	['with control groups v1', {info: {...info, CgroupVersion: '1'}}, []],
	['with AppArmor', secured('name=apparmor'), []],
	['with SELinux', secured('name=selinux'), ['SELinux warning'], /ausearch/],
	[
		'that asks a plugin',
		{info: {...info, Plugins: {Authorization: ['casbin']}}},
		['authorization warning'],
		/privileged containers/,
	],
	[
		'of Docker Desktop',
		{info: {...info, OperatingSystem: 'Docker Desktop'}},
		['Docker Desktop warning'],
		/docker context use default/,
	],
	['with a nearly full disk', {freeMib: 3000}, ['disk of the Docker host warning'], /docker system df/],
	['with a full disk', {freeMib: 20}, ['disk of the Docker host missing'], /\/var\/lib\/docker/],
	[
		'without overlays',
		{lacks: {everySwarm: ['vxlan', 'overlay'], someClaims: ['ip_vs']}},
		['kernel of nodes missing'],
		/lacks vxlan, overlay|has vxlan, overlay/,
	],
	['without ip_vs', {lacks: {everySwarm: [], someClaims: ['ip_vs']}}, ['kernel of nodes warning'], /are skipped/],
];
for (const [what, more, told, words] of rows) {
	test(`a Docker host ${what}: ${told.join(', ') || 'nothing is wrong'}`, t => {
		const checks = checksOf({...good, ...more});
		const wrong = checks.filter(({state}) => state !== 'ok');
		t.deepEqual(
			wrong.map(({name, state}) => `${name} ${state}`),
			told,
		);
		t.regex(wrong[0]?.remedy ?? '', words ?? /^$/);
		t.true(
			checks.every(({state, remedy}) => (remedy === undefined) === (state === 'ok')),
			'each that is not ok says what to do, and no other',
		);
	});
}

/**
 * What `docker info` of such Docker hosts has, as others have published it: none of them but the first was to be had here. In the order
 * in which the daemon lists the options (moby, daemon/info.go, fillSecurityOptions: apparmor, seccomp, selinux, userns, rootless, cgroupns).
 */
const published: [what: string, info: Partial<DaemonInfo>, told: string[]][] = [
	[
		'Debian 12, Docker 20.10, control groups v1',
		{SecurityOptions: ['name=seccomp,profile=default'], CgroupVersion: '1', CgroupDriver: 'cgroupfs'},
		[],
	],
	[
		'Ubuntu',
		{
			OperatingSystem: 'Ubuntu 24.04 LTS',
			SecurityOptions: ['name=apparmor', 'name=seccomp,profile=builtin', 'name=cgroupns'],
		},
		[],
	],
	[
		'Arch Linux, rootless, without control groups',
		{
			OperatingSystem: 'Arch Linux',
			SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless', 'name=cgroupns'],
			CgroupDriver: 'none',
			DockerRootDir: '/home/user/.local/share/docker',
		},
		['Docker host missing'],
	],
	[
		'Fedora with SELinux',
		{
			OperatingSystem: 'Fedora Linux 44',
			SecurityOptions: ['name=seccomp,profile=builtin', 'name=selinux', 'name=cgroupns'],
		},
		['SELinux warning'],
	],
	[
		'userns-remap',
		{
			SecurityOptions: ['name=seccomp,profile=builtin', 'name=userns', 'name=cgroupns'],
			DockerRootDir: '/var/lib/docker/100000.100000',
		},
		['Docker host missing'],
	],
	[
		'Docker Desktop',
		{
			OperatingSystem: 'Docker Desktop',
			KernelVersion: '6.10.14-linuxkit',
			SecurityOptions: ['name=seccomp,profile=unconfined', 'name=cgroupns'],
		},
		['Docker Desktop warning'],
	],
	['a profile whose name is like another option', {SecurityOptions: ['name=seccomp,profile=selinux-rootless']}, []],
];
for (const [what, more, told] of published) {
	test(`${what} is read as it is: ${told.join(', ') || 'nothing is wrong'}`, t => {
		const checks = checksOf({...good, info: {...info, ...more}});
		t.deepEqual(
			checks.filter(({state}) => state !== 'ok').map(({name, state}) => `${name} ${state}`),
			told,
		);
	});
}

test('the version of control groups is shown with the engines that work with it', t => {
	const row = (CgroupVersion?: string) => {
		const {CgroupVersion: _own, ...rest} = info;
		const daemon = {...rest, ...(CgroupVersion && {CgroupVersion})};
		return checksOf({...good, info: daemon}).find(({name}) => name === 'control groups');
	};

	t.like(row('2'), {seen: 'v2, by systemd', needed: 'engines from 20.10 on; older ones need v1'});
	t.like(row('1'), {seen: 'v1, by systemd', needed: 'every engine works with v1'});
	t.like(row(), {seen: 'v1, by systemd'}, 'a daemon before 20.10 does not say it');
});

const unanswered: [url: string, code: string, message: string, remedy: RegExp][] = [
	['unix:///run/docker.sock', 'EACCES', 'connect EACCES /run/docker.sock', /adduser \$USER docker/],
	['unix:///run/docker.sock', 'ENOENT', 'connect ENOENT', /apt-get install docker\.io/],
	['unix:///run/docker.sock', 'ECONNREFUSED', 'connect ECONNREFUSED', /systemctl start docker/],
	['tcp://h:2375', 'ECONNREFUSED', 'connect ECONNREFUSED', /listens at tcp:\/\/h:2375/],
	['tcp://h:2375', 'ENOTFOUND', 'getaddrinfo ENOTFOUND h', /cannot be resolved/],
	['tcp://h:2376', '', '(HTTP code 400) Client sent an HTTP request to an HTTPS server', /DOCKER_TLS_VERIFY=1/],
	['tcp://h:2375', 'EPROTO', 'ssl3_get_record:wrong version number', /unset DOCKER_TLS_VERIFY/],
	['tcp://h:2376', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate', /ca\.pem/],
	['tcp://h:2376', 'ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames", /by a name/],
	['tcp://h:2376', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tlsv13 alert certificate required', /cert\.pem/],
	['tcp://h:2375', 'ETIMEDOUT', 'connect ETIMEDOUT', /can be reached/],
];
for (const [url, code, message, remedy] of unanswered) {
	test(`no answer at ${url}, ${code || message}: the remedy is for the cause`, t => {
		t.regex(remedyOfNoAnswer(url, Object.assign(new Error(message), {code})), remedy);
	});
}
