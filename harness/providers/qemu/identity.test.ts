import test from 'ava';
import {type Identity, identityLine} from './identity.ts';

const seed = Buffer.from('00ff', 'hex');
const plain = {nowMs: 1_700_000_000_123, seed, publicKey: 'KEY=='};
const serverKey = {privateFile: 'beef', publicKey: 'PUBLIC='};
const clone = {name: 'w1', address: '10.99.0.2/24', mac: '52:54:00:99:00:02', serverKey};
const common = 'seconds=1700000000.123 seed=00ff key=KEY==';

const rows: [who: string, identity: Identity, line: string][] = [
	['a machine that comes back as itself', plain, common],
	['a node of a swarm', {...plain, neighbour: '10.0.0.3'}, `${common} neighbour=10.0.0.3`],
	[
		'a clone',
		{...plain, clone},
		`${common} name=w1 address=10.99.0.2/24 mac=52:54:00:99:00:02 hostkey=beef public=PUBLIC=`,
	],
];
for (const [who, identity, line] of rows) {
	test(`${who} gets its own name`, t => {
		t.is(identityLine(identity), line);
	});
}
