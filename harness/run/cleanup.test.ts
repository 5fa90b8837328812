import test from 'ava';
import type {Leftover} from '../providers/provider.ts';
import {removeLeftovers} from './cleanup.ts';

test('leftovers of a kind are removed at once, and a network only when no container is left', async t => {
	const said: string[] = [];
	const begun = {container: 0};
	const both = Promise.withResolvers<void>();
	const leftover = (kind: string, name: string, remove: () => Promise<string[]>): Leftover => ({
		kind,
		name,
		isOf: () => true,
		async remove() {
			said.push(`${name} begins`);
			const left = await remove();
			said.push(`${name} ends`);
			return left;
		},
	});
	const container = (name: string) =>
		leftover('container', name, async () => {
			begun.container++;
			if (begun.container === 2) {
				both.resolve();
			}

			// Neither ends before both have begun.
			await both.promise;
			return name === 'w1' ? ['w1 is busy'] : [];
		});
	const network = leftover('network', 'lan', async () => []);
	t.timeout(20_000, 'one container waits for the other');
	t.deepEqual(await removeLeftovers([container('m1'), container('w1'), network]), ['w1 is busy']);
	t.deepEqual(said.slice(0, 2), ['m1 begins', 'w1 begins']);
	t.deepEqual(said.slice(4), ['lan begins', 'lan ends']);
});
