import test from 'ava';
import {sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {endingLines} from './ending.ts';
import {faults} from './fixtures/read-junit.ts';
import {htmlPage} from './html/page.ts';
import {junitOfRun} from './junit.ts';
import {markdown} from './markdown.ts';
import {plainLine} from './plain.ts';
import {coloursFor} from './screen.ts';

const none = coloursFor({isTTY: true}, {NO_COLOR: '1'});
const announced = summarise(sampleRun());
const [first] = announced.cells;
const order = {repetition: 1, titles: ['the mesh answers', 'a VIP is round-robin']};

/** The sample, as if a seed had made its order. */
function seeded(orders = [order]) {
	return {...announced, seed: 1234, cells: [{...first!, orders}, ...announced.cells.slice(1)]};
}

test('the seed, what gives the same order again, and the order are in every report', async t => {
	const xml = junitOfRun(seeded());
	t.regex(xml, /<property name="seed" value="1234"\/>/);
	t.regex(xml, /<property name="order" value="the mesh answers → a VIP is round-robin"\/>/);
	t.deepEqual(await faults(xml), []);
	for (const text of [htmlPage(seeded()), markdown(seeded())]) {
		t.regex(text, /1234; the same order again: --seed 1234/);
		t.regex(text, /the mesh answers → a VIP is round-robin/);
	}

	t.true(endingLines(seeded(), 'x', none).includes('Seed     1234; the same order again: --seed 1234'));
	const [start] = sampleRun();
	t.regex(plainLine({...start!, seed: 1234} as typeof start & object, none) ?? '', /, in the order of seed 1234$/);
});

test('without a seed no report speaks of one', t => {
	for (const text of [
		junitOfRun(announced),
		htmlPage(announced),
		markdown(announced),
		endingLines(announced, 'x', none).join(),
	]) {
		t.notRegex(text, /\bseed\b/i);
	}
});

test('of many repetitions the reports show some orders, and say where the others are', async t => {
	const orders = Array.from({length: 50}, (_, index) => ({...order, repetition: Math.floor(index / 2) + 1}));
	const xml = junitOfRun(seeded(orders));
	t.regex(xml, /<property name="order\.repetition 1, swarm 1"/);
	t.regex(xml, /<property name="order\.repetition 10, swarm 2"/);
	t.notRegex(xml, /order\.repetition 11/);
	t.regex(xml, /<property name="order\.more" value="30 more are in run\.jsonl"\/>/);
	t.deepEqual(await faults(xml), []);
});

test('one cell is not “1 cells”', t => {
	const one = {...announced, cells: [first!]};
	t.true(endingLines(one, 'x', none).some(line => / on 1 cell in /.test(line)));
});
