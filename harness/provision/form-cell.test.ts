import test from 'ava';
import type {NodeSpec, Variant} from '../model/index.ts';
import {hasCommands, mustBoot} from './form-cell.ts';

const cellWith = (variant?: Omit<Variant, 'id'>) => ({
	nodes: [{name: 'm1'} as NodeSpec, {name: 'w1', ...(variant && {variant: {id: 'a', ...variant}})} as NodeSpec],
});

test('nodes are booted where something of them is about one node, and cloned otherwise', t => {
	t.true(mustBoot(cellWith({before: {engine: ['true']}})));
	t.true(mustBoot(cellWith({addresses: ['fd00:53::{n}/64']})));
	t.false(mustBoot(cellWith({before: {init: ['true']}, daemon: {mtu: 1}, modules: {withhold: ['xt_u32']}})));
	t.false(mustBoot(cellWith()));
});

test('commands run by ssh only where there are some', t => {
	t.true(hasCommands(cellWith({before: {init: ['true']}})));
	t.false(hasCommands(cellWith({before: {engine: ['true']}})));
	t.false(hasCommands(cellWith()));
});
