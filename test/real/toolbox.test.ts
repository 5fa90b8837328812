/** What people type in `swarmlab/toolbox` is there and runs: in the image itself, on this host's kernel. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import {buildServiceImages} from '../../harness/artifacts/engines/service-images.ts';
import {openHostPackages} from '../../harness/artifacts/packages/packages.ts';
import {usageError} from '../../harness/machine/index.ts';
import {pcapngOf} from '../../harness/network/capture/pcapng.ts';
import {sampleCapture} from '../../harness/network/fixtures/captures.ts';
import {mayRun, runInside} from './in-tree.ts';
import test from './real-test.ts';

/** What docs/nodes.md says is in it, each doing what it is for; `$web` answers "hello". */
const typed: Record<string, string> = {
	sh: 'sh -c "exit 0"',
	bash: 'bash -c "exit 0"',
	sleep: 'sleep 0',
	false: '! false',
	true: 'true',
	nc: 'nc -z 127.0.0.1 8080',
	wget: 'wget -q -O - http://localhost:8080/ | grep hello',
	curl: 'curl -sS http://localhost:8080/ | grep hello',
	dig: 'dig @127.0.0.1 -p 9 +time=1 +tries=1 web. | grep -E "timed out|refused|no servers"',
	nslookup: 'nslookup -version',
	ping: 'ping -q -c 1 -W 5 127.0.0.1',
	tcpdump: 'tcpdump -n -c 1 -i lo icmp & while kill -0 $!; do ping -q -c 1 127.0.0.1; sleep 0.2; done; wait $!',
	iperf3: 'iperf3 -s -1 -D && for i in $(seq 600); do iperf3 -c 127.0.0.1 -n 1K && exit 0; sleep 0.2; done; exit 1',
	socat: 'echo GET / | socat -t 5 - TCP:127.0.0.1:8080 | grep -i http',
	ip: 'ip -brief address show lo',
	ss: 'ss -lnt | grep 8080',
	tc: 'tc qdisc show',
	bridge: 'bridge link',
	netstat: 'netstat -lnt | grep 8080',
	traceroute: 'traceroute -m 1 127.0.0.1',
	vi: 'command -v vi',
	ps: 'ps',
	sha256sum: 'sha256sum /etc/passwd',
};

test('every program of the toolbox runs', async t => {
	if (!mayRun) {
		t.log('not run: only root may enter a tree');
		t.pass();
		return;
	}

	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sl-toolbox-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true, force: true}));
	const {archive} = await buildServiceImages(await openHostPackages(), () => {});
	const tree = path.join(folder, 'root');
	fs.mkdirSync(tree);
	const rootfs = execa('tar', ['-x', '-O', '-f', archive, 'toolbox/rootfs.tar'], {buffer: false});
	await rootfs.pipe(execa('tar', ['-x', '-C', tree], {buffer: false}));

	// A capture of the LAN's switch, for a reader that is not ours.
	fs.mkdirSync(path.join(tree, 'tmp'), {recursive: true});
	fs.writeFileSync(path.join(tree, 'tmp/lan.pcapng'), pcapngOf(sampleCapture()));

	// As `docker service create … swarmlab/toolbox sleep 1d` looks for them: on the image's PATH, by no shell of its own.
	const applets = (await execa(path.join(tree, 'bin/busybox'), ['--list'])).stdout.split('\n');
	t.true(applets.length > 200, `${applets.length} applets`);
	const script = `
mkdir -p /tmp/www
echo hello > /tmp/www/index.html
echo 127.0.0.1 localhost > /etc/hosts
/bin/busybox httpd -p 127.0.0.1:8080 -h /tmp/www
for name in ${applets.join(' ')}; do type -P "$name" > /dev/null || echo "FAILED $name is not on PATH"; done
for file in $(find /bin /sbin /usr/bin /usr/sbin -type f); do
	case $(head -c 4 "$file" | tail -c 3) in ELF) ;; *) continue ;; esac
	[ $file = /bin/busybox ] || LD_TRACE_LOADED_OBJECTS=1 /lib64/ld-linux-x86-64.so.2 "$file" | grep 'not found' | sed "s|^|FAILED $file: |"
done
${Object.entries(typed)
	.map(([name, command]) => `said=$(${command} 2>&1) || echo "FAILED ${name} ($?): $said"`)
	.join('\n')}
tcpdump --nano -tt -n -e -r /tmp/lan.pcapng 2>&1 | sed 's/^/READ /'
echo whole
`;
	const {output} = await runInside(tree, '/bin/bash -c', script);
	t.regex(output, /whole/, 'the script came to its end');
	t.deepEqual(
		output.split('\n').filter(line => line.startsWith('FAILED')),
		[],
		output,
	);
	t.is(usageError(output), undefined);
	const read = output.split('\n').filter(line => /^READ \d+\.\d{9} /.test(line));
	t.is(read.length, sampleCapture().frames.length, output);
	t.true(read[0]!.startsWith('READ 1795387200.001234567 52:54:00:99:00:01 > 52:54:00:99:00:02'), read[0]);
	t.is(read.filter(line => /10\.99\.0\.\d\.\d+ > 10\.99\.0\.\d\.4789: VXLAN.* vni 4097/.test(line)).length, 6, output);
	t.is(read.filter(line => line.includes('ESP(spi=0x00cafe01,seq=0x7)')).length, 2, output);
});
