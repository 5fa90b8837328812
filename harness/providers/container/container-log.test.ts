import test from 'ava';
import {fatalIn, textOf} from './container-log.ts';

const frame = (stream: number, text: string) => {
	const body = Buffer.from(text);
	const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
	head.writeUInt32BE(body.length, 4);
	return Buffer.concat([head, body]);
};

test('frames become text, whichever stream they are of and wherever a line is cut', t => {
	const frames = [frame(1, 'swarmlab: dockerd'), frame(2, ' started\n'), frame(1, 'ready ✓\n'), frame(1, '')];
	t.is(textOf(Buffer.concat(frames)), 'swarmlab: dockerd started\nready ✓\n');
	t.is(textOf(Buffer.alloc(0)), '');
});

test('why a node never comes up is the rest of its line', t => {
	t.is(fatalIn('swarmlab: dockerd started\nswarmlab: FATAL: no /run\nmore\n'), 'no /run');
	t.is(fatalIn('swarmlab: node up\n'), undefined);
});
