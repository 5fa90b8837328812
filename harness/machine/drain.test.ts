import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {PassThrough} from 'node:stream';
import test from 'ava';
import {drainInto} from './drain.ts';

test('a source ends although the process that reads it has ended before', async t => {
	t.timeout(20_000, 'the source did not end');
	const source = new PassThrough();
	const reader = spawn('head', ['-c', '1'], {stdio: ['pipe', 'ignore', 'ignore']});
	drainInto(source, reader.stdin);
	source.write('first');
	await once(reader, 'close');
	source.end('padding');
	await once(source, 'end');
	t.pass();
});
