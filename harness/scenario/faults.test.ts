import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {HarnessError, UsageError} from '../errors.ts';
import {byHand, enter} from '../faults/journal.ts';
import type {CellHandle} from '../model/index.ts';
import {LanControl} from '../network/control/control.ts';
import {faultOf} from '../network/faults/build.ts';
import {isolate} from '../network/faults/partition.ts';
import {controlSocket, startLan} from '../network/lan.ts';
import {Faults} from './faults.ts';
import {faultsByHand} from './faults-by-hand.ts';

const nodes = ['m1', 'w1', 'w2'];

/** The faults of a scenario on a real switch, and another client of it. */
async function onSwitch(t: ExecutionContext) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-faults-'));
	const pid = await startLan(folder, nodes);
	const control = controlSocket(folder);
	const other = await LanControl.open(control);
	t.teardown(() => {
		other.close();
		process.kill(pid);
		fs.rmSync(folder, {recursive: true});
	});
	const on = async () => (await other.list()).map(({what, by}) => `${by}: ${what}`);
	return {faults: new Faults({control, nodes, by: 'a claim'}), other, on, folder, control};
}

test('a fault is healed once: a second heal does nothing, and its record has both times', async t => {
	const {faults, on} = await onSwitch(t);
	const fault = await faults.block({from: {name: 'm1'}, to: 'w1', protocol: 'udp', port: 4789});
	t.deepEqual(await on(), ['a claim: udp to port 4789 from m1 to w1 is dropped']);
	t.deepEqual(await fault.counters(), {matched: 0, dropped: 0, changed: 0});
	await fault.heal();
	t.deepEqual(await on(), []);
	t.deepEqual(await fault.heal(), {matched: 0, dropped: 0, changed: 0});
	t.deepEqual(await fault.counters(), {matched: 0, dropped: 0, changed: 0});
	const [{what, at, healedAt}] = faults.records as [(typeof faults.records)[0]];
	t.is(what, fault.what);
	t.true(Date.parse(at) <= Date.parse(healedAt));
});

test('await using heals at the end of the block, and healAll heals what is left', async t => {
	const {faults, on} = await onSwitch(t);
	await faults.delay({at: ['w1', 'w2'], ms: 5});
	{
		await using fault = await faults.linkDown('w2');
		t.is(fault.what, 'every frame from and to w2 is dropped');
		t.is((await on()).length, 2);
	}

	t.deepEqual(await on(), ['a claim: every frame from and to w1 and w2 is late by 5 ms']);
	t.deepEqual(await faults.healAll(), []);
	t.deepEqual(await on(), []);
	t.true(faults.records.every(({healedAt}) => healedAt !== ''));
	t.deepEqual(await faults.healAll(), []);
});

test('a partition is data or a function of the nodes', async t => {
	const {faults, on} = await onSwitch(t);
	await faults.partition(all => isolate(all, 'm1'));
	await faults.partition({w1: ['w2']});
	t.deepEqual(await on(), [
		'a claim: every frame in a partition (m1 does not hear w1 and w2; w1 does not hear m1; w2 does not hear m1) is dropped',
		'a claim: every frame in a partition (w1 does not hear w2) is dropped',
	]);
	await faults.healAll();
});

test('a fault that somebody else healed counts as healed', async t => {
	const {faults, other} = await onSwitch(t);
	const fault = await faults.linkDown('w1');
	await other.remove((await other.list())[0]!.id);
	t.deepEqual(await fault.heal(), {matched: 0, dropped: 0, changed: 0});
	t.deepEqual(await faults.healAll(), []);
});

test('an unknown node is named with the nearest; without a switch, what to do', async t => {
	const {faults} = await onSwitch(t);
	await t.throwsAsync(faults.linkDown('w11'), {instanceOf: UsageError, message: /no node 'w11'.*Did you mean 'w1'/});
	const none = new Faults({control: undefined, nodes, by: 'a claim'});
	const error = await t.throwsAsync(none.linkDown('w1'), {instanceOf: HarnessError});
	t.regex(error.remedy ?? '', /faults: \['link'\]/);
	t.deepEqual(await none.healAll(), []);
	await faults.healAll();
});

test('faults that were put in by hand are named, and those of scenarios are not among them', async t => {
	const {faults, other, folder, control} = await onSwitch(t);
	const cell = {folder, lan: {control} as CellHandle['lan']};
	await faults.linkDown('w2');
	t.deepEqual(await faultsByHand(cell), []);
	const {what, id} = await other.add(faultOf('block', {protocol: 'udp', port: 4789}), byHand);
	const node = {
		node: 'm1',
		fault: 'set-mtu',
		options: {mtu: 1400},
		what: 'the MTU is 1400',
		shown: 'mtu 1400',
		by: byHand,
	};
	enter(folder, {...node, since: '2026-11-28T00:00:00.000Z'});
	enter(folder, {...node, by: 'a claim', since: '2026-11-28T00:00:01.000Z'});
	const on = await faultsByHand(cell);
	const names = (all: typeof on) => all.map(({what, by, healedAt}) => ({what, by, healedAt}));
	const both = [
		{what: 'the MTU is 1400', by: byHand, healedAt: ''},
		{what, by: byHand, healedAt: ''},
	];
	t.deepEqual(names(on), both);
	t.deepEqual([on[0]!.shown, on[1]!.dropped], ['mtu 1400', 0]);
	await other.remove(id);
	t.deepEqual(names(await faultsByHand(cell, on)), both, 'one that was healed meanwhile was on, too');
	t.deepEqual(await faultsByHand({folder, lan: {control: `${folder}/none`} as CellHandle['lan']}), []);
});
