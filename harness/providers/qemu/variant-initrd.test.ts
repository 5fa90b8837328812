import test from 'ava';
import {overlay} from './variant-initrd.ts';

test('the second archive has each folder before what is in it, and an init script that copies it', t => {
	const files = [
		{path: '/usr/lib/swarmlab/variant/run', content: '#!/bin/sh', mode: 0o755},
		{path: '/usr/lib/swarmlab/variant/before/000', content: 'true', mode: 0o644},
		{path: '/etc/inittab', content: '::once:x', mode: 0o644},
	];
	const text = overlay(files).toString('latin1');
	const names = [...text.matchAll(/070701[\da-f]{104}([^\0]+)\0/g)].map(([, name]) => name!);
	t.deepEqual(names, [
		'variant',
		'variant/usr',
		'variant/usr/lib',
		'variant/usr/lib/swarmlab',
		'variant/usr/lib/swarmlab/variant',
		'variant/usr/lib/swarmlab/variant/before',
		'variant/etc',
		'variant/usr/lib/swarmlab/variant/run',
		'variant/usr/lib/swarmlab/variant/before/000',
		'variant/etc/inittab',
		'init',
		'TRAILER!!!',
	]);
	t.true(text.includes('cp -a /variant/. /newroot/'));
	t.is(overlay(files).length % 4, 0, 'the kernel looks for the next archive at a multiple of four');
});
