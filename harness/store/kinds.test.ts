import test from 'ava';
import {keyOf} from './cache.ts';
import {kindInCache, nameInCache} from './kinds.ts';

test('fixtures that earlier versions saved are found: they lie in the cache by the name of then', t => {
	t.is(nameInCache('fixture'), 'stage');
	t.is(kindInCache('stage'), 'fixture');
	t.is(keyOf('fixture', {made: 1}), 'a8648ab025a9ee6775290388');
});

test('other kinds are called the same in the cache', t => {
	for (const kind of ['kernel', 'cluster', 'template', 'lists', 'unknown']) {
		t.is(nameInCache(kind), kind);
		t.is(kindInCache(kind), kind);
	}
});
