/**
 * What the lab calls in its machines is understood by the programs of every suite: the root filesystem of each, made as the
 * lab makes it, is entered on this host's kernel; its init runs, its engine starts, and every program, probe and command
 * of ours is run once. Only what needs a booted machine (its disks, its network cards) fails, and by other words.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import pLimit from 'p-limit';
import {resolveEngine} from '../../harness/artifacts/engines/engine-spec.ts';
import {listEngines} from '../../harness/artifacts/engines/engines.ts';
import {rootfsPackages} from '../../harness/artifacts/engines/rootfs.ts';
import {openHostPackages} from '../../harness/artifacts/packages/packages.ts';
import {mergeUsr} from '../../harness/artifacts/packages/tree.ts';
import {pathProbe} from '../../harness/evidence/path.ts';
import {goroutines, probes} from '../../harness/evidence/probes.ts';
import {nodeScript, scriptOf} from '../../harness/evidence/script.ts';
import {socketsOfProcesses} from '../../harness/evidence/sockets.ts';
import {furnish, guestFolder, prune} from '../../harness/guest/guest-files.ts';
import {nsenter, quoteAll, usageError} from '../../harness/machine/index.ts';
import {curlCommand} from '../../harness/scenario/curl.ts';
import {digCommand} from '../../harness/scenario/dig.ts';
import {pingAll} from '../../harness/swarm/alive.ts';
import {featuresOf, lookAround, lookForSymbols} from '../../harness/swarm/features.ts';
import {sightCommand} from '../../harness/swarm/sight.ts';
import {mayRun, runInside} from './in-tree.ts';
import test from './real-test.ts';

/** The lab is measured on engines of these. */
const suites = ['bullseye', 'bookworm', 'trixie', 'forky'];

const namespaces = ['lb_swarmlab0', '1-swarmlab00', 'ingress_sbox', '0123456789ab'].map(
	name => `/var/run/docker/netns/${name}`,
);
const features = featuresOf('99', '(nf_tables)');

/** Each by name; run by the login shell of a machine, as over ssh. */
const commands: Record<string, string> = {
	...Object.fromEntries(
		[...probes, pathProbe([{role: 'manager', address: '127.0.0.2'}]), goroutines].map(probe => [
			`probe ${probe.name}`,
			scriptOf(probe),
		]),
	),
	...Object.fromEntries(
		probes.flatMap(({again, ...probe}) =>
			again ? [[`probe ${probe.name} again`, scriptOf({...probe, command: again})]] : [],
		),
	),
	'all probes': nodeScript(probes, '@@'),
	// awk of busybox 1.30 reads a line about a socket that a process has otherwise than later ones.
	'sockets and their processes': quoteAll(['bash', '-c', `exec 3<> /dev/udp/127.0.0.1/9; ${socketsOfProcesses}`]),
	'who is alive': quoteAll(pingAll(['127.0.0.1', '127.0.0.2'], namespaces[2]!)),
	'in namespaces of a process': quoteAll(nsenter(['-t', '1', '-m', '-n'], ['sh', '-c', 'exit 0'])),
	'what a node has': sightCommand([{network: 'swarmlab0', pid: 1, names: ['web']}]).replace('127.0.0.11', '127.0.0.1'),
	'features of the kernel': quoteAll(['sh', '-c', lookAround(features)]),
	'symbols of the kernel': quoteAll(['sh', '-c', lookForSymbols(features)]),
	'a client asks': quoteAll(curlCommand('http://127.0.0.1:9/', {connections: 2, resolve: 'web:80:127.0.0.1'})),
	'a client resolves': quoteAll(digCommand('web').map(word => word.replace('127.0.0.11', '127.0.0.1'))),
	versions: 'uname -r; iptables --version; sysctl -n net.ipv4.ip_forward; iptables -t nat -S',
	'how a command is followed': 'setsid bash -c "exit 0" < /dev/null & tail -n +1 -s 0.2 -f --pid=$! /etc/hostname',
	'engine, wrongly':
		'/usr/lib/swarmlab/engine 2>&1 | grep -x "usage: engine start|stop|restart|renew|kill" > /dev/null',
	'engine start': '/usr/lib/swarmlab/engine start',
	'engine restart': '/usr/lib/swarmlab/engine restart',
	'engine renew': '/usr/lib/swarmlab/engine renew',
	'docker info': 'docker info --format "{{.ServerVersion}}"',
	'engine kill': '/usr/lib/swarmlab/engine kill',
	'engine stop': '/usr/lib/swarmlab/engine stop',
	agent: 'qemu-ga --version; timeout 1 /usr/lib/swarmlab/agent',
	'docker-port': 'socat -V > /dev/null; timeout 1 /usr/lib/swarmlab/docker-port',
	quiet: 'timeout 3 /usr/lib/swarmlab/quiet',
	identity: '/usr/lib/swarmlab/identity',
	// Its last word is that the disk is read-only.
	'images imported': '/usr/lib/swarmlab/import-images',
};

/** Programs of the guest that init starts, or that others include. */
const byInit = ['init', 'boot', 'start', 'sshd', 'name', 'say', 'environment'];

/** Must not only be understood, but do what they are for, wherever the engine runs. */
const must = [
	'all probes',
	'sockets and their processes',
	'who is alive',
	'in namespaces of a process',
	'what a node has',
	'engine start',
	'docker info',
	'engine renew',
	'images imported',
];

test('every program of the guest is run here', t => {
	const programs = fs
		.readdirSync(guestFolder, {withFileTypes: true})
		.filter(
			entry =>
				entry.isFile() && /^#!|shellcheck shell=/.test(fs.readFileSync(path.join(guestFolder, entry.name), 'utf8')),
		)
		.map(({name}) => name);
	const called = Object.values(commands).join('\n');
	t.deepEqual(
		programs.filter(name => !byInit.includes(name) && !called.includes(`/usr/lib/swarmlab/${name}`)),
		[],
	);
});

const line = pLimit(2);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sl-suites-'));
test.after.always(() => fs.rmSync(folder, {recursive: true, force: true}));

for (const suite of suites) {
	test(`what the lab calls in a machine of ${suite} is understood there`, async t => {
		if (!mayRun) {
			t.log('not run: only root may enter a tree');
			t.pass();
			return;
		}

		await line(async () => check(t, suite));
	});
}

async function check(t: ExecutionContext, suite: string): Promise<void> {
	const tree = await treeOf(suite);
	const {output, console} = await runInside(tree, '/bin/busybox sh -c', script, 2400);
	t.regex(console, /^swarmlab: network up$/m, output);
	t.regex(console, /^swarmlab: sshd up$/m, output);
	t.regex(console, /^swarmlab: dockerd started$/m, output);
	t.regex(console, /identity FAILED: there is no port swarmlab.identity/);
	t.is(usageError(console), undefined, console);
	for (const name of Object.keys(commands)) {
		const said = sectionOf(output, name);
		const ended = Number(/^ended with (\d+)$/m.exec(said)?.[1] ?? -1);
		t.is(usageError(said), undefined, `${suite}, ${name}:\n${said}`);
		t.false([-1, 126, 127, 139].includes(ended), `${suite}, ${name} ended with ${ended}:\n${said}`);
		if (must.includes(name)) {
			t.is(ended, 0, `${suite}, ${name}:\n${said}`);
		}
	}
}

/** As the lab makes it, without the scripts of packages: these are what takes time, and none of them is asked for here. */
async function treeOf(suite: string): Promise<string> {
	const packages = await openHostPackages();
	const engine = await resolveEngine(suite, await listEngines(packages));
	const tree = path.join(folder, suite);
	const scratch = path.join(folder, `${suite}.scratch`);
	fs.mkdirSync(scratch);
	// Essential packages are there without being asked for where their scripts are run.
	const essential = ['base-files', 'bash', 'coreutils', 'dash', 'findutils', 'grep', 'gzip', 'hostname', 'sed', 'tar'];
	const names = [...essential, ...(await rootfsPackages(engine, packages))];
	await packages.install(tree, scratch, {suite, packages: names, variant: 'extract'});
	await mergeUsr(tree);
	await prune(tree);
	await furnish(tree, {cgroup: 'v2'});
	// What those scripts would have made.
	link(tree, 'bin/sh', 'dash');
	link(tree, 'var/run', '/run');
	for (const name of ['iptables', 'iptables-save', 'ip6tables', 'ip6tables-save']) {
		link(tree, `usr/sbin/${name}`, name.replace('tables', 'tables-nft'));
	}

	fs.writeFileSync(
		path.join(tree, 'etc/passwd'),
		'root:x:0:0:root:/root:/bin/bash\nsshd:x:101:65534::/run/sshd:/bin/false\n',
	);
	fs.writeFileSync(path.join(tree, 'etc/group'), 'root:x:0:\ndocker:x:102:\nnogroup:x:65534:\n');
	return tree;
}

function link(tree: string, name: string, target: string): void {
	if (!fs.existsSync(path.join(tree, name))) {
		fs.symlinkSync(target, path.join(tree, name));
	}
}

/** init as the first process, then everything else beside it; each with what it says below a heading. */
const script = `
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mkdir -p /tmp/image/web/root/bin /var/run/docker/netns
cp /bin/busybox /tmp/image/web/root/bin/
tar -c -f /tmp/image/web/rootfs.tar -C /tmp/image/web/root .
echo 'ENV PATH=/bin' > /tmp/image/web/changes
tar -c -f /dev/vdc -C /tmp/image web/rootfs.tar web/changes
cat > /usr/lib/swarmlab/everything << 'END'
#!/bin/sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
for _ in $(seq 6000); do
	grep -q 'dockerd ' /out/console && grep -q 'sshd up' /out/console && break
	sleep 0.1
done
mkdir -p /var/run/docker/netns
for file in ${namespaces.join(' ')}; do
	: > $file
	[ -s $file ] || mount --bind /proc/self/ns/net $file
done
${Object.entries(commands)
	.map(
		([name, command]) =>
			`echo '##### ${name}' >> /out/said\ntimeout 600 sh -c ${quoteAll([command])} >> /out/said 2>&1 < /dev/null\necho "\nended with $?" >> /out/said`,
	)
	.join('\n')}
/bin/busybox poweroff -f
END
chmod +x /usr/lib/swarmlab/everything
echo '::once:/usr/lib/swarmlab/everything' >> /etc/inittab
exec /usr/lib/swarmlab/init > /dev/null 2>&1
`;

function sectionOf(output: string, name: string): string {
	return output.split(/^##### /m).find(each => each.startsWith(`${name}\n`)) ?? '';
}
