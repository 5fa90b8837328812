import {createHash} from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {HostError} from '../../errors.ts';
import {openDaemon} from '../../machine/daemon.ts';
import {partsOfSsh} from '../../machine/forward.ts';
import {findDockerHost} from './docker-host.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sl-docker-config-'));
test.after.always(() => fs.rmSync(folder, {recursive: true}));

const idOf = (name: string) => createHash('sha256').update(name).digest('hex');
const certificatesOf = (name: string) => path.join(folder, 'contexts', 'tls', idOf(name), 'docker');

function writeContext(name: string, docker: {Host?: string; SkipTLSVerify?: boolean}): void {
	const meta = path.join(folder, 'contexts', 'meta', idOf(name));
	fs.mkdirSync(meta, {recursive: true});
	fs.writeFileSync(path.join(meta, 'meta.json'), JSON.stringify({Name: name, Metadata: {}, Endpoints: {docker}}));
}

writeContext('lab', {Host: 'tcp://10.0.0.5:2376', SkipTLSVerify: false});
fs.mkdirSync(certificatesOf('lab'), {recursive: true});
writeContext('far', {Host: 'ssh://ann@far.example'});
writeContext('blind', {Host: 'tcp://10.0.0.5:2376', SkipTLSVerify: true});
writeContext('empty', {});
fs.writeFileSync(path.join(folder, 'config.json'), JSON.stringify({currentContext: 'lab', auths: {}}));

const variables = ['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_TLS', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'] as const;
type Environment = Partial<Record<(typeof variables)[number], string>>;

function findWith(environment: Environment, where = folder) {
	const before = {...process.env};
	for (const name of variables) {
		delete process.env[name];
	}

	Object.assign(process.env, environment);
	try {
		return findDockerHost(where);
	} finally {
		process.env = before;
	}
}

const lab = {url: 'tcp://10.0.0.5:2376', certificates: certificatesOf('lab')};
const found: [what: string, environment: Environment, expected: ReturnType<typeof findDockerHost>][] = [
	['the current context, where no variable names one', {}, lab],
	['DOCKER_CONTEXT before the current context', {DOCKER_CONTEXT: 'far'}, {url: 'ssh://ann@far.example'}],
	['DOCKER_HOST before DOCKER_CONTEXT', {DOCKER_HOST: 'tcp://h:1', DOCKER_CONTEXT: 'far'}, {url: 'tcp://h:1'}],
	['the context default: the local socket', {DOCKER_CONTEXT: 'default'}, {url: 'unix:///var/run/docker.sock'}],
	['a blank variable as none', {DOCKER_HOST: ' ', DOCKER_CONTEXT: ''}, lab],
	['a host and a port without tcp://', {DOCKER_HOST: 'h.example:2375'}, {url: 'tcp://h.example:2375'}],
	[
		'TLS with the certificates of DOCKER_CERT_PATH',
		{DOCKER_HOST: 'tcp://h:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/c'},
		{url: 'tcp://h:2376', certificates: '/c'},
	],
	[
		'TLS with the certificates of the configuration, for any value of DOCKER_TLS_VERIFY',
		{DOCKER_HOST: 'tcp://h:2376', DOCKER_TLS_VERIFY: '0'},
		{url: 'tcp://h:2376', certificates: folder},
	],
	['no TLS for a socket', {DOCKER_HOST: 'unix:///s', DOCKER_TLS_VERIFY: '1'}, {url: 'unix:///s'}],
	['no certificates from variables for a context', {DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/c'}, lab],
];
for (const [what, environment, expected] of found) {
	test.serial(`a Docker host is found as by Docker's command line: ${what}`, t => {
		t.deepEqual(findWith(environment), expected);
	});
}

test.serial('without a configuration of Docker it is the local socket', t => {
	t.deepEqual(findWith({}, '/nowhere'), {url: 'unix:///var/run/docker.sock'});
});

const refused: [environment: Environment, message: RegExp, remedy: RegExp][] = [
	[{DOCKER_CONTEXT: 'none'}, /no Docker context 'none'/, /blind.*far.*lab|lab.*far|far.*lab/],
	[{DOCKER_CONTEXT: 'blind'}, /TLS without verification/, /context that verifies/],
	[{DOCKER_CONTEXT: 'empty'}, /no endpoint/, /DOCKER_CONTEXT/],
	[{DOCKER_HOST: 'tcp://h:2376', DOCKER_TLS: '1'}, /TLS without verification/, /DOCKER_TLS_VERIFY=1/],
];
for (const [environment, message, remedy] of refused) {
	test.serial(`a Docker host that cannot be used is refused with a remedy: ${JSON.stringify(environment)}`, t => {
		const error = t.throws(() => findWith(environment), {instanceOf: HostError, message});
		t.regex(error?.remedy ?? '', remedy);
	});
}

test.serial('a configuration of Docker that is damaged is refused with its path', t => {
	const damaged = fs.mkdtempSync(path.join(folder, 'damaged-'));
	fs.writeFileSync(path.join(damaged, 'config.json'), '{"currentContext":');
	t.throws(() => findWith({}, damaged), {instanceOf: HostError, message: /damaged-.*config\.json cannot be read/});
	t.deepEqual(findWith({DOCKER_HOST: 'unix:///s'}, damaged), {url: 'unix:///s'});
});

test('a daemon is opened by socket, tcp and TLS; the ports are those of Docker', t => {
	t.like(openDaemon({url: 'unix:///run/docker.sock'}).modem, {socketPath: '/run/docker.sock'});
	t.like(openDaemon({url: 'tcp://10.0.0.2'}).modem, {host: '10.0.0.2', port: 2375, protocol: 'http'});
	t.like(openDaemon({url: 'tcp://[fd00::2]:2377'}).modem, {host: 'fd00::2', port: 2377});
	const certificates = fs.mkdtempSync(path.join(folder, 'certificates-'));
	for (const name of ['ca', 'cert', 'key']) {
		fs.writeFileSync(path.join(certificates, `${name}.pem`), name);
	}

	const tls = {host: 'h', port: 2376, protocol: 'https', ca: 'ca', cert: 'cert', key: 'key'};
	t.like(openDaemon({url: 'tcp://h', certificates}).modem, tls);
	fs.rmSync(path.join(certificates, 'key.pem'));
	const error = t.throws(() => openDaemon({url: 'tcp://h', certificates}), {
		instanceOf: HostError,
		message: /key\.pem/,
	});
	t.regex(error?.remedy ?? '', /DOCKER_CERT_PATH/);
	const ports = ['tcp://10.0.0.2:docker', 'tcp://10.0.0.2:65536', 'tcp://10.0.0.2:'];
	for (const url of ['npipe:////./pipe/docker', '/run/docker.sock', '', 'ssh://', 'unix://run/docker.sock', ...ports]) {
		t.throws(() => openDaemon({url}), {instanceOf: HostError, message: /is no Docker host that can be used/}, url);
	}
});

test('the path of an ssh URL is the socket on the Docker host', t => {
	t.deepEqual(partsOfSsh('ssh://ann@h:2222'), {
		destination: 'ssh://ann@h:2222',
		remoteSocket: '/var/run/docker.sock',
	});
	t.deepEqual(partsOfSsh('ssh://h/run/user/1/docker.sock'), {
		destination: 'ssh://h',
		remoteSocket: '/run/user/1/docker.sock',
	});
	t.is(partsOfSsh('ssh://h/').remoteSocket, '/var/run/docker.sock');
});
