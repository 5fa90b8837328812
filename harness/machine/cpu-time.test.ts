import {spawn} from 'node:child_process';
import {once} from 'node:events';
import test from 'ava';
import {CpuMeter, stretchBetween, worstStretch} from './cpu-time.ts';

const sample = (atSeconds: number, ...times: [ran: number, waited: number][]) => ({
	atSeconds,
	parts: new Map(times.map(([ranSeconds, waitedSeconds], part) => [part, {ranSeconds, waitedSeconds}])),
});

test('the part that asked for most decides, though another had more before', t => {
	t.deepEqual(stretchBetween(sample(0, [50, 50], [0, 0]), sample(10, [50.1, 50.2], [2, 7])), {
		seconds: 10,
		ranSeconds: 2,
		waitedSeconds: 7,
	});
});

test('a machine waits for no longer than time passes, however many of its threads wait', t => {
	t.deepEqual(stretchBetween(sample(0, [0, 0]), sample(10, [10, 30])), {
		seconds: 10,
		ranSeconds: 2.5,
		waitedSeconds: 7.5,
	});
});

test('a part that is new counts from its beginning, one that has ended does not count', t => {
	t.deepEqual(stretchBetween(sample(0), sample(10, [1, 2])), {seconds: 10, ranSeconds: 1, waitedSeconds: 2});
	t.deepEqual(stretchBetween(sample(0, [1, 2]), sample(10)), {seconds: 10, ranSeconds: 0, waitedSeconds: 0});
});

test('the worst stretch is at least as long as asked for, with samples that came late', t => {
	const samples = [sample(0, [0, 0]), sample(7, [1, 1]), sample(25, [2, 18]), sample(26, [2.5, 18.5])];
	t.deepEqual(worstStretch(samples, 10), {seconds: 18, ranSeconds: 1, waitedSeconds: 17});
	t.is(worstStretch(samples, 27), undefined);
});

/** As a node that is a container: its first process does nothing, its work is done by children and theirs. */
test('the time of a first process that does nothing is that of all its descendants', async t => {
	const work = `sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done; exec sleep 1000'`;
	const child = spawn('sh', ['-c', `echo ready; read -r _; ${work} & wait`], {
		stdio: ['pipe', 'pipe', 'inherit'],
		detached: true,
	});
	t.teardown(() => process.kill(-child.pid!, 'SIGKILL'));
	await once(child.stdout, 'data');
	const meter = new CpuMeter();
	const first = meter.read(child.pid);
	child.stdin.write('go\n');
	await once(child.stdout, 'data');
	const {ranSeconds} = stretchBetween(first, meter.read(child.pid));
	t.true(ranSeconds > 0.03, `${ranSeconds} s`);
});

test('a process that is not there has used nothing', t => {
	t.deepEqual([...new CpuMeter().read(2 ** 22).parts], []);
	t.deepEqual([...new CpuMeter().read(undefined).parts], []);
});
