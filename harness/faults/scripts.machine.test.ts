/**
 * The scripts of faults on a kernel: in namespaces of this host that look like those of a node, so that no machine has to boot.
 * Each fault must change what the kernel has, show that it is on, and leave everything as it was.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {putScript, type ScriptParts, showsScript, undoScript} from './script.ts';
import {type NodeFaultName, nodeFaults, parseOptions} from './table.ts';

const network = '0123456789abcdefghijklmno';
const site = {id: 'n1', address: '10.99.0.11', others: {w1: '10.99.0.12', w2: '10.99.0.13'}};

/** A LAN's card, a chain as Docker makes it, and the overlay of a network with two tasks on each other node. */
const node = `set -e
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
mkdir -p /run/docker/netns /run/fixture/faults /run/modprobe
mount -t tmpfs tmpfs /var/lib
printf 'nameserver 127.0.0.1\\n' > /run/fixture/resolv.conf
mount --bind /run/fixture/resolv.conf /etc/resolv.conf
ip link set lo up
ip link add eth1 type veth peer name other
ip link set eth1 up; ip link set other up
ip address add ${site.address}/24 dev eth1
ip route add 172.30.0.0/16 via 10.99.0.1 dev eth1
iptables -t nat -N DOCKER-INGRESS
iptables -t nat -A DOCKER-INGRESS -p tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:8080
iptables -t nat -A DOCKER-INGRESS -p tcp --dport 8081 -m comment --comment 'two words' -j DNAT --to-destination 172.18.0.2:8081
iptables -t nat -A DOCKER-INGRESS -j RETURN
iptables -A FORWARD -i eth1 -j ACCEPT
within() { nsenter --net=/run/docker/netns/1-${network.slice(0, 10)} -- "$@"; }
touch /run/docker/netns/1-${network.slice(0, 10)} /run/docker/netns/lb_${network.slice(0, 9)}
unshare --net=/run/docker/netns/1-${network.slice(0, 10)} true
unshare --net=/run/docker/netns/lb_${network.slice(0, 9)} true
within ip link add br0 type bridge
within ip link add vxlan0 type vxlan id 4097 dstport 4789 proxy l2miss l3miss
within ip link set vxlan0 master br0
within ip link set vxlan0 up; within ip link set br0 up
for each in 03-10.99.0.12 04-10.99.0.12 05-10.99.0.13; do
	within bridge fdb add 02:42:0a:00:01:\${each%%-*} dev vxlan0 dst \${each#*-} self permanent
	within ip neigh add 10.0.1.\${each%%-*} lladdr 02:42:0a:00:01:\${each%%-*} dev vxlan0 nud permanent
done
mkdir -p /run/fixture/small /run/containerd
mount -t tmpfs -o size=8m tmpfs /run/fixture/small
cp "$(command -v sleep)" /run/fixture/dockerd; cp "$(command -v sleep)" /run/fixture/containerd
/run/fixture/dockerd 1000 & A=1 /run/fixture/containerd 1000 &
${process.execPath} -e "require('node:net').createServer().listen('/run/containerd/containerd.sock')" &
while [ ! -S /run/containerd/containerd.sock ]; do sleep 0.05; done
key=0x0102030405060708090a0b0c0d0e0f1011121314
set +e
for ends in '${site.address} dst 10.99.0.12' '10.99.0.12 dst ${site.address}' '${site.address} dst 10.99.0.13'; do
	ip xfrm state add src $ends proto esp spi 0x1234 reqid 13681891 mode transport aead 'rfc4106(gcm(aes))' $key 64
done
state() {
	for name in dockerd containerd; do for pid in $(pidof $name); do sed -n 's/^State:[^A-Z]*//p' /proc/$pid/status; tr '\\0' ' ' < /proc/$pid/cmdline; tr '\\0' ' ' < /proc/$pid/environ | grep -o 'A=1'; done; done
	ip xfrm state | grep -v anti-replay; stat -f -c %f /run/fixture/small
	iptables-save | grep -v '^#' | sed 's/\\[[0-9:]*\\]//'
	ip -o address | grep -v inet6; ip -o link | cut -d ' ' -f 2; cat /sys/class/net/eth1/mtu /sys/class/net/eth1/flags; ip route; sysctl -a 2> /dev/null | grep -E '^net.ipv4.(ip_forward|conf.(all|eth1)|neigh.eth1)'
	within bridge fdb show dev vxlan0 | sed 's/ *$//' | sort; within ip neigh show dev vxlan0 | sort
	nsenter --net=/run/docker/netns/lb_${network.slice(0, 9)} -- cat /proc/sys/net/ipv4/ip_forward
	nft list tables 2> /dev/null; cat /etc/resolv.conf; ls /var/lib
}
`;

/** Runs the steps as a node would, and returns the outputs between the marks. */
async function onNode(parts: ScriptParts) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sl-scripts-'));
	const write = (name: string, script: string) => fs.writeFileSync(path.join(folder, name), script);
	write('put', putScript(parts));
	write('shows', showsScript(parts));
	write('undo', undoScript(parts));
	const run = (name: string) => `sh ${folder}/${name} 2>&1 || echo "${name} ended with $?"`;
	const steps = ['state', run('put'), 'state', run('shows'), run('undo'), run('undo'), 'state', run('shows')];
	write('all', `${node}\n${steps.map(step => `${step}; echo ----`).join('\n')}`);
	const {stdout, stderr} = await execa(
		'unshare',
		[...'-n -m -p -f --mount-proc sh'.split(' '), path.join(folder, 'all')],
		{
			reject: false,
			env: {TERM: ''},
		},
	);
	fs.rmSync(folder, {recursive: true});
	const [before, put, during, shown, undone, again, after, off] = stdout.split(/^----\n?/m);
	return {before, put, during, shown, undone, again, after, off, stderr};
}

const partsOf = (name: NodeFaultName, options: object): ScriptParts => {
	const {script, set, options: schema} = nodeFaults[name];
	const values = {...parseOptions(name, options), ...set};
	return {script: script!, names: [...Object.keys(schema.shape), 'peer', 'network'], values, site};
};

const cases: [name: NodeFaultName, options: object, shown: RegExp][] = [
	['set-mtu', {mtu: 1400}, /the MTU of eth1 is 1400, and was 1500/],
	['set-sysctl', {name: 'net.ipv4.conf.eth1.rp_filter', value: 2}, /rp_filter is 2, and was/],
	['stop-forwarding', {network}, /ip_forward is 0, and was/],
	['interface-down', {}, /eth1 is down/],
	['duplicate-address', {peer: 'w2'}, /10\.99\.0\.13\/32/],
	['change-vtep-source', {}, /src 10\.99\.0\.250/],
	['add-route', {to: '10.200.0.0/16'}, /10\.200\.0\.0\/16/],
	['set-resolver', {}, /nameserver 192\.0\.2\.53/],
	['take-vni', {vni: 5000}, /vxlan id 5000/],
	[
		'drop-packets',
		{protocol: 'udp', port: 4789, peer: 'w1', largerThan: 1400, direction: 'both'},
		/--dport 4789 .*--length 1401:65535/,
	],
	['drop-packets', {protocol: 'esp'}, /-p esp/],
	['default-drop', {}, /-P INPUT DROP/],
	['default-drop', {chain: 'FORWARD'}, /-P FORWARD DROP/],
	['add-rule', {}, /filter: -A FORWARD .*-j DROP/],
	['flush-chain', {table: 'nat', chain: 'DOCKER-INGRESS'}, /DOCKER-INGRESS of nat is empty, and had 3 rules/],
	['remove-fdb-rows', {network, peer: 'w1'}, /2 rows: 02:42:0a:00:01:0[34]/],
	['misdirect-fdb-rows', {network}, /3 rows:/],
	['remove-neighbours', {network, peer: 'w2'}, /10\.0\.1\.5 had 02:42:0a:00:01:05/],
	['misdirect-neighbours', {network, only: '10.0.1.3'}, /^10\.0\.1\.3 had 02:42:0a:00:01:03$/m],
	['pause-engine', {}, /^State:.T/],
	['pause-containerd', {}, /^State:.T/],
	['kill-containerd', {}, /containerd does not run/],
	['stop-containerd', {}, /containerd does not run/],
	['fill-disk', {path: '/run/fixture/small'}, /^0 KiB are free/],
	['fill-disk', {path: '/run/fixture/small', leaveMib: 2}, /^\d+ KiB are free/],
	['remove-spi', {peer: 'w1', direction: 'both'}, /src 10\.99\.0\.11 dst 10\.99\.0\.12 proto esp spi 0x00001234/],
];

for (const [name, options, shown] of cases) {
	test(`${name} ${JSON.stringify(options)} bites, and its undo leaves all as it was`, async t => {
		const {before, put, during, undone, again, after, stderr, ...ran} = await onNode(partsOf(name, options));
		t.truthy(before?.trim(), stderr);
		if (name === 'remove-spi' && /algorithm not found/.test(stderr)) {
			t.log('not tried: the kernel of this host has no such keys');
			return;
		}

		t.regex(put ?? '', shown, stderr);
		t.notRegex(`${put}${ran.shown}${undone}${again}`, /ended with/, stderr);
		t.is(ran.shown, put);
		t.not(during, before, 'the kernel must have something else');
		t.is(after, before, 'undone exactly');
		t.regex(ran.off ?? '', /not on/);
	});
}

const refused: [name: NodeFaultName, options: object, why: RegExp][] = [
	['flush-chain', {chain: 'DOCKER'}, /the chain DOCKER of filter has no rules/],
	['remove-fdb-rows', {network: 'zzzzzzzzzzzzzzzzzzzzzzzzz'}, /has no overlay on this node/],
	['set-sysctl', {name: 'net.ipv4.no_such', value: 1}, /this kernel has no setting net\.ipv4\.no_such/],
	['set-mtu', {mtu: 70, device: 'none'}, /none/],
];

for (const [name, options, why] of refused) {
	test(`${name} ${JSON.stringify(options)} is refused with the reason, and nothing remains after the undo`, async t => {
		const {before, put, after} = await onNode(partsOf(name, options));
		t.regex(put ?? '', why);
		t.regex(put ?? '', /put ended with/);
		t.is(after, before);
	});
}

test('a put that the harness has left alone is ended before it is undone', async t => {
	const parts = partsOf('set-mtu', {mtu: 1400});
	const slow = putScript(parts).replace('\nput\n', '\nput\nsleep 1000\n');
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sl-scripts-'));
	fs.writeFileSync(path.join(folder, 'put'), slow);
	fs.writeFileSync(path.join(folder, 'undo'), undoScript(parts));
	const steps = `timeout 900 sh ${folder}/put & putting=$!
while [ ! -s /var/lib/swarmlab-faults/n1/device ]; do sleep 0.05; done
sh ${folder}/undo; echo "undo $?"; wait $putting; echo "put ended"; cat /sys/class/net/eth1/mtu; ls /var/lib`;
	fs.writeFileSync(path.join(folder, 'all'), `${node}\n${steps}`);
	const {stdout, stderr} = await execa(
		'unshare',
		[...'-n -m -p -f --mount-proc sh'.split(' '), path.join(folder, 'all')],
		{
			reject: false,
		},
	);
	fs.rmSync(folder, {recursive: true});
	t.regex(stdout, /undo 0\nput ended\n1500$/, stderr);
});
