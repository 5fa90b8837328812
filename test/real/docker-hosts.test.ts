/** Docker hosts that are reached by TLS, by a Docker context and by ssh: a real dockerd and a real sshd in a network of their own. */
import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {ExecutionContext, TestFn} from 'ava';
import {execa} from 'execa';
import type {Check} from '../../harness/host/index.ts';
import {endProcesses, identify} from '../../harness/processes/processes.ts';
import {type DockerHost, startDockerHost} from './docker-host.ts';
import {forget, ownPlaces, type Places, processesIn, remains, swarmlab} from './lab.ts';
import anyTest from './real-test.ts';

interface Context {
	host: DockerHost;
	folder: string;
	/** `tcp://…` of the daemon that wants TLS. */
	url: string;
	/** Port of sshd on 127.0.0.1. */
	sshPort: number;
	/** What must end before the Docker host. */
	undo: (() => Promise<unknown>)[];
}

const test = anyTest as TestFn<Context>;

/** An authority, and what it signed for the daemon and for a client. */
async function makeCertificates(folder: string): Promise<void> {
	const openssl = async (...words: string[]) => execa('openssl', words, {cwd: folder});
	const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
	await openssl('req', '-x509', ...key, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=tests');
	for (const [name, file, use] of [
		['server', 'server', 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth'],
		['client', '', 'extendedKeyUsage=clientAuth'],
	] as const) {
		const of = (kind: string) => (file ? `${file}-${kind}.pem` : `${kind}.pem`);
		fs.writeFileSync(path.join(folder, `${name}.cnf`), use);
		await openssl('req', ...key, '-keyout', of('key'), '-out', `${name}.csr`, '-subj', `/CN=${name}`);
		await openssl(
			...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial'],
			...['-out', of('cert'), '-days', '2', '-extfile', `${name}.cnf`],
		);
	}
}

/** Starts sshd in the network of the Docker host, with a key for this user. Returns its port on 127.0.0.1. */
async function startSshd({host, folder, undo}: Omit<Context, 'url' | 'sshPort'>): Promise<number> {
	const at = (name: string) => path.join(folder, name);
	for (const name of ['host-key', 'user-key']) {
		await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
	}

	fs.copyFileSync(at('user-key.pub'), at('authorized'));
	const settings = [
		...['Port 2222', 'ListenAddress 127.0.0.1', `HostKey ${at('host-key')}`, `AuthorizedKeysFile ${at('authorized')}`],
		...['UsePAM no', 'StrictModes no', 'PermitRootLogin yes', `PidFile ${at('sshd.pid')}`],
	];
	fs.writeFileSync(at('sshd_config'), `${settings.join('\n')}\n`);
	fs.mkdirSync('/run/sshd', {recursive: true});
	const [program, ...words] = [...host.inside, '/usr/sbin/sshd', '-D', '-f', at('sshd_config')];
	const sshd = spawn(program!, words, {stdio: 'ignore'});
	undo.push(async () =>
		endProcesses(
			[identify(sshd.pid!)].filter(each => each !== undefined),
			5,
		),
	);
	const port = await host.door(2222);
	// In the place of ~/.ssh/config: the user's own is left alone.
	const config = [
		...['Host *', `IdentityFile ${at('user-key')}`, 'IdentityAgent none', `UserKnownHostsFile ${at('known')}`],
		'GlobalKnownHostsFile /dev/null',
	];
	fs.writeFileSync(at('ssh_config'), `${config.join('\n')}\n`);
	fs.mkdirSync(at('bin'));
	fs.writeFileSync(at('bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${at('ssh_config')} "$@"\n`, {mode: 0o755});
	return port;
}

async function trustHost({folder, sshPort}: Context): Promise<void> {
	const key = fs.readFileSync(path.join(folder, 'host-key.pub'), 'utf8');
	fs.writeFileSync(path.join(folder, 'known'), `[127.0.0.1]:${sshPort} ${key}`);
}

test.before(async t => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sl-hosts-'));
	await makeCertificates(folder);
	const file = (name: string) => path.join(folder, name);
	const tls = ['--tlscacert', file('ca.pem'), '--tlscert', file('server-cert.pem'), '--tlskey', file('server-key.pem')];
	const host = await startDockerHost({more: ['--host', 'tcp://127.0.0.1:2376', '--tlsverify', ...tls]});
	const undo: Context['undo'] = [];
	Object.assign(t.context, {host, folder, undo});
	t.context.url = `tcp://127.0.0.1:${await host.door(2376)}`;
	t.context.sshPort = await startSshd({host, folder, undo});
});

test.after.always(async ({context: {host, folder, undo = []}}) => {
	for (const end of undo) {
		await end();
	}

	await host?.end();
	if (folder) {
		fs.rmSync(folder, {recursive: true, force: true});
	}
});

/** None of this user's own Docker configuration is read. */
const placesWith = ({folder}: Context, more: Record<string, string>) =>
	ownPlaces({
		...{DOCKER_HOST: '', DOCKER_CONTEXT: '', DOCKER_TLS_VERIFY: '', DOCKER_CERT_PATH: ''},
		DOCKER_CONFIG: path.join(folder, 'config'),
		...more,
	});

async function doctor(places: Places): Promise<Check> {
	const {stdout, all} = await swarmlab(['doctor', '--provider', 'container', '--json'], places);
	const check = stdout.startsWith('[')
		? (JSON.parse(stdout) as Check[]).find(({name}) => name === 'Docker host')
		: undefined;
	if (!check) {
		throw new Error(`doctor says nothing of the Docker host: ${all}`);
	}

	return check;
}

/** A node comes up there, answers, and is gone. `midway` is done while it is up. */
async function holdsANode(t: ExecutionContext<Context>, places: Places, midway = async () => {}): Promise<void> {
	const up = await swarmlab(
		['up', '--provider', 'container', '--docker', '28.5', '--no-install', '--managers', '1', '--workers', '0'],
		places,
	);
	t.is(up.exitCode, 0, up.all);
	const nodes = async () => swarmlab(['exec', 'm1', '--', 'docker', 'node', 'ls'], places);
	const before = await nodes();
	t.regex(before.stdout, /m1 +Ready/, before.all);
	await midway();
	const after = await nodes();
	t.regex(after.stdout, /m1 +Ready/, after.all);
	const nowhere = {...places, env: {...places.env, DOCKER_HOST: 'unix:///nowhere', DOCKER_CONTEXT: ''}};
	const down = await swarmlab(['down'], nowhere);
	t.is(down.exitCode, 0, down.all);
	const {docker} = t.context.host;
	t.deepEqual(await docker.listContainers({all: true}), []);
	t.deepEqual((await docker.listNetworks()).map(({Name}) => Name).sort(), ['bridge', 'host', 'none']);
	t.deepEqual(processesIn(places), []);
	t.deepEqual(remains(places), []);
}

test.serial('TLS by variables: the daemon is known, and each fault has its remedy', async t => {
	const {folder, url} = t.context;
	const places = placesWith(t.context, {DOCKER_HOST: url, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder});
	const asked = async (more: Record<string, string>) => doctor({...places, env: {...places.env, ...more}});
	t.like(await asked({}), {state: 'ok'});
	t.regex((await asked({DOCKER_TLS_VERIFY: ''})).remedy ?? '', /DOCKER_TLS_VERIFY=1/);
	t.regex((await asked({DOCKER_CERT_PATH: '/nowhere'})).remedy ?? '', /DOCKER_CERT_PATH/);
	const others = path.join(folder, 'others');
	fs.mkdirSync(others);
	await makeCertificates(others);
	t.regex((await asked({DOCKER_CERT_PATH: others})).remedy ?? '', /ca\.pem must be the authority/);
	fs.copyFileSync(path.join(folder, 'ca.pem'), path.join(others, 'ca.pem'));
	t.regex((await asked({DOCKER_CERT_PATH: others})).remedy ?? '', /refuses the client's certificate/);
	forget(places);
});

test.serial('a Docker context with TLS: a node there, and down without the context', async t => {
	const {folder, url} = t.context;
	const id = createHash('sha256').update('lab').digest('hex');
	const meta = path.join(folder, 'config/contexts/meta', id);
	const tls = path.join(folder, 'config/contexts/tls', id, 'docker');
	fs.mkdirSync(meta, {recursive: true});
	fs.mkdirSync(tls, {recursive: true});
	const endpoint = {Host: url, SkipTLSVerify: false};
	fs.writeFileSync(path.join(meta, 'meta.json'), JSON.stringify({Name: 'lab', Endpoints: {docker: endpoint}}));
	for (const name of ['ca.pem', 'cert.pem', 'key.pem']) {
		fs.copyFileSync(path.join(folder, name), path.join(tls, name));
	}

	const places = placesWith(t.context, {DOCKER_CONTEXT: 'lab'});
	await holdsANode(t, places);
	forget(places);
});

test.serial(
	'ssh: its own message, a node there, a forward that is lost is made again, and nothing is left',
	async t => {
		const {sshPort, host, folder} = t.context;
		const socket = host.url.replace('unix://', '');
		const places = placesWith(t.context, {
			DOCKER_HOST: `ssh://${os.userInfo().username}@127.0.0.1:${sshPort}${socket}`,
			PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`,
		});
		const unknown = await doctor(places);
		t.regex(unknown.seen, /Host key verification failed/);
		t.regex(unknown.remedy ?? '', /ssh -o BatchMode=yes ssh:\/\//);
		await trustHost(t.context);
		t.like(await doctor(places), {state: 'ok'});
		t.deepEqual(processesIn(places), [], 'the ssh of doctor has ended with it');
		await holdsANode(t, places, async () => {
			const forwards = processesIn(places).filter(each => each.includes(' -N '));
			t.true(forwards.length > 0);
			const identities = forwards.map(each => identify(Number(each.split(' ')[0]))).filter(each => each !== undefined);
			t.deepEqual(await endProcesses(identities, 10), []);
		});
		forget(places);
	},
);
