import test from 'ava';
import {UsageError} from '../errors.ts';
import {differences, findSaved, problemOfName, requireRestorable, type SavedCell} from './saved.ts';

const saved = (name: string, schema = 1) => ({name, schema}) as SavedCell;

test('a name is the name of a folder: it leads nowhere else, and is not hidden', t => {
	for (const name of ['first', 'v1.2_before-the-drain', '7', 'x'.repeat(63)]) {
		t.is(problemOfName(name), undefined, name);
	}

	for (const name of ['', '.', '..', '../x', 'a/b', '.hidden', '-all', 'a b', 'ü', 'x'.repeat(64), 'a\n']) {
		t.true(problemOfName(name)?.includes('is no name'), name);
	}
});

test('one that is not there is refused with the nearest name', t => {
	const all = [saved('before-drain'), saved('other')];
	t.is(findSaved('other', all), all[1]!);
	t.throws(() => findSaved('befor-drain', all), {instanceOf: UsageError, message: /Did you mean 'before-drain'\?/});
	t.throws(() => findSaved('other', []), {message: "Nothing is saved as 'other'."});
});

test('one that another version has saved is found, so that it can be removed, and not restored', t => {
	const old = saved('old', 0);
	t.is(findSaved('old', [old]), old);
	t.notThrows(() => requireRestorable(saved('now')));
	const error = t.throws<UsageError>(() => requireRestorable(old), {message: /another version/});
	t.regex(error.remedy ?? '', /snapshot remove old/);
});

test('what differs is named once, for all nodes together', t => {
	const node = {format: 6, provider: {qemu: '7.2'}, kernel: {vmlinuz: 'a'}, engine: {'root.img': 'b'}};
	t.deepEqual(differences({m1: node, w1: node}, {m1: node, w1: node}), []);
	t.deepEqual(
		differences({m1: node, w1: node}, {m1: {...node, kernel: {vmlinuz: 'c'}}, w1: {...node, kernel: {}, variant: {}}}),
		['the files of the kernel', 'the variant'],
	);
	t.deepEqual(differences({m1: node}, {m1: {...node, provider: {qemu: '8.0'}}}), [
		'QEMU, its options or the processor',
	]);
});
