/** Variants of nodes that are containers of a real Docker host: what they change is there, and what is refused is told. */
import fs from 'node:fs';
import path from 'node:path';
import type {TestFn} from 'ava';
import type {Variant} from '../../harness/model/index.ts';
import {type DockerHost, nothingIsLeftOn, startDockerHost} from './docker-host.ts';
import {events, forget, ownPlaces, type Places, swarmlab} from './lab.ts';
import anyTest from './real-test.ts';

const test = anyTest as TestFn<{host: DockerHost}>;
const facts = 'echo $SWARMLAB_NODE $SWARMLAB_ADDRESS $SWARMLAB_LAN';

const small: Variant = {
	id: 'small',
	daemon: {debug: true, 'default-address-pools': [{base: '10.123.0.0/16', size: 24}]},
	sysctl: {'net.ipv4.ip_local_port_range': '40000 50000'},
	iptables: 'legacy',
	addresses: ['10.77.0.{n}/24'],
	files: {'/etc/resolv.conf': 'nameserver 127.0.0.9\n', '/opt/deep/folder/file': "it's here\n"},
	before: {
		engine: [`${facts} > /root/engine; pidof dockerd >> /root/engine; true`],
		init: [`${facts} > /root/init; docker info --format '{{.Swarm.LocalNodeState}}' >> /root/init`],
	},
};

/** Its nodes form the swarm with these options. */
const first: Variant = {
	id: 'first',
	swarm: {dataPathPort: 5789, defaultAddrPool: ['10.91.0.0/16'], certExpiryHours: 2},
};

const refused: Variant[] = [
	{id: 'driver', daemon: {'storage-driver': 'nonsense'}},
	{id: 'key', daemon: {'no-such-key': true}, ifRefused: 'failed'},
	{id: 'live', daemon: {'live-restore': true}},
	{id: 'command', before: {engine: ['ls /nowhere']}},
	// If it is written after all, nothing changes.
	{id: 'shared', before: {engine: ['echo $(cat /proc/sys/vm/swappiness) > /proc/sys/vm/swappiness']}},
	{id: 'module', modules: {withhold: ['ip_vs']}},
];

test.before(async t => {
	t.context.host = await startDockerHost();
});

test.after.always(async t => {
	await t.context.host?.end();
});

function placesWith({url}: DockerHost, variants: readonly Variant[]): {places: Places; options: string[]} {
	const places = ownPlaces({DOCKER_HOST: url});
	const config = path.join(places.root, 'variants.config.ts');
	fs.writeFileSync(config, `export default ${JSON.stringify({variants})};\n`);
	return {
		places,
		options: ['--config', config, '--provider', 'container', '--docker', '28.5', '--no-install', '--memory', '512'],
	};
}

test.serial('a node has what its variant says, the swarm its options, and an outsider is in no swarm', async t => {
	const {host} = t.context;
	const {places, options} = placesWith(host, [small, first]);
	const nodes = ['--workers', '1', '--outsiders', '1', '--variant', 'w1=small,m1=first'];
	const up = await swarmlab(['up', ...options, ...nodes, '--json'], places);
	t.is(up.exitCode, 0, up.all);
	t.regex(up.stdout, /"container-khost-d28\.5\.\d+-with-first_m1-with-small_w1-1m1w1x-512MiB"/);
	const on = async (node: string, line: string) =>
		(await swarmlab(['exec', node, '--', 'sh', '-c', line], places)).stdout.trim();
	const look = [
		"docker info --format '{{.Debug}} {{.Driver}}'",
		'cat /proc/sys/net/ipv4/ip_local_port_range',
		'iptables --version',
		'docker network create bridged > /dev/null; docker network inspect bridged --format "{{(index .IPAM.Config 0).Subnet}}"',
		'cat /etc/resolv.conf',
		'cat /opt/deep/folder/file /root/engine /root/init 2>&1',
	].join('; ');
	const [w1, m1] = [await on('w1', look), await on('m1', look)];
	const address = /w1 (\S+) eth0/.exec(w1)?.[1] ?? '';
	t.regex(address, /^10\.99\.\d+\.2$/, w1);
	t.deepEqual(w1.split('\n'), [
		'true overlay2',
		'40000\t50000',
		w1.split('\n')[2]!,
		w1.split('\n')[3]!,
		'nameserver 127.0.0.9',
		"it's here",
		// No engine ran before these commands, and no swarm before those.
		`w1 ${address} eth0`,
		`w1 ${address} eth0`,
		'inactive',
	]);
	t.regex(w1, /^10\.123\.\d+\.0\/24$/m);
	t.regex(w1, /^iptables .*\(legacy\)$/m);
	t.regex(m1, /^false overlay2$/m);
	t.regex(m1, /\(nf_tables\)$/m);
	t.regex(m1, /nameserver 127\.0\.0\.1$/m);
	t.regex(m1, /No such file/);
	t.regex(await on('w1', 'ip -4 -o addr show dev eth0'), /inet 10\.77\.0\.2\/24/);
	const swarm =
		"docker info --format '{{.Swarm.Cluster.DataPathPort}} {{.Swarm.Cluster.DefaultAddrPool}}'; docker info";
	const info = await on('m1', swarm);
	t.is(info.split('\n')[0], '5789 [10.91.0.0/16]');
	t.regex(info, /Expiry Duration: 2 hours/);
	t.is((await on('m1', 'docker node ls -q')).split('\n').length, 2);
	t.is(await on('x1', "docker info --format '{{.Swarm.LocalNodeState}}'"), 'inactive');
	t.is(await on('x1', `/bin/busybox ping -q -c 1 -W 5 ${address} > /dev/null; echo $?`), '0');
	t.is((await swarmlab(['down'], places)).exitCode, 0);
	await nothingIsLeftOn(t, host, places);
	forget(places);
});

test.serial('what refuses a variant is told in its own words, and the verdict is what the variant says', async t => {
	const {host} = t.context;
	const {places, options} = placesWith(host, refused);
	const {exitCode, all} = await swarmlab(['run', 'scenarios/formation.ts', ...options, '--workers', '0'], places);
	t.is(exitCode, 1, all);
	const outcomes = events(places).flatMap(each => (each.event === 'cell-finished' ? [each] : []));
	const of = (id: string) => outcomes.find(({cell}) => cell.includes(`-with-${id}-`))!.outcome;
	const told: [id: string, state: string, message: RegExp][] = [
		['driver', 'skipped', /^m1: Docker 28\.5\.\d+ does not start with the variant driver: .*nonsense/],
		['key', 'failed', /^m1: Docker 28\.5\.\d+ does not start with the variant key: unable to configure .*no-such-key/],
		['live', 'skipped', /^with the variant live, m1: swarm init: the engine answered \d+: .*live-restore/],
		['command', 'broken', /^m1: the variant command: ls \/nowhere ended with exit code 2: .*No such file/],
		['shared', 'broken', /^m1: the variant shared: echo .* ended with exit code [12]: .*Read-only file system/],
		['module', 'skipped', /^The variant module withholds modules \(ip_vs\)/],
	];
	for (const [id, state, message] of told) {
		const outcome = of(id);
		t.is(outcome.state, state as typeof outcome.state, `${id}\n${all}`);
		t.regex('reason' in outcome ? outcome.reason.message : '', message);
	}

	t.false(all!.includes('trying again'), 'what was refused once is not tried again');
	await nothingIsLeftOn(t, host, places);
	forget(places);
});
