import test from 'ava';
import {oldNames} from './old-images.ts';

const present = new Set(['aa11']);

for (const [name, isOld] of [
	['swarmlab/engine:aa11-123456', false],
	['swarmlab/engine:aa11-654321', true],
	['swarmlab/engine:bb22-123456', true],
	['swarmlab/tree:aa11', false],
	['swarmlab/tree:bb22', true],
	['swarmlab/helper:bb22', true],
	['swarmlab/web:latest', false],
	['engine:bb22-123456', false],
	['registry.example/swarmlab/tree:bb22', false],
] as const) {
	test(`${name} is ${isOld ? 'old' : 'kept'}`, t => {
		t.deepEqual(oldNames([name], present, '123456'), isOld ? [name] : []);
	});
}
