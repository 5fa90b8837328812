import test from 'ava';
import {probes, scriptOf} from './probes.ts';

test('every probe has a file of its own', t => {
	t.is(new Set(probes.map(({name}) => name)).size, probes.length);
});

test('a command that is quoted for a namespace holds no quote of that kind', t => {
	const quoted = probes.filter(({place}) => place !== 'node' && place !== 'manager');
	t.deepEqual(
		quoted.filter(({command}) => command.includes("'")),
		[],
	);
});

test('a probe of namespaces says which one it looks into', t => {
	t.is(
		scriptOf({name: 'x', place: {namespaces: 'lb_'}, command: 'ipvsadm -Ln'}),
		`for f in /var/run/docker/netns/lb_*; do [ -e "$f" ] || continue; echo "=== $f"; nsenter --net="$f" -- sh -c 'ipvsadm -Ln'; done`,
	);
});

test('a probe of a node is its command', t => {
	t.is(scriptOf({name: 'x', place: 'node', command: 'uname -a'}), 'uname -a');
});
