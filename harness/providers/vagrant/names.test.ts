import test from 'ava';
import {belongsTo, ownPrefix, swarmPrefix} from './names.ts';

test('what a swarm is called says whose it is: this state folder, this lease', t => {
	const prefix = swarmPrefix('/run/swarmlab/2026-11-24T10-00-00-ab-0-1');
	t.is(prefix, `${ownPrefix()}2026-11-24T10-00-00-ab-0-1-`);
	t.true(belongsTo(`${prefix}m1`, '2026-11-24T10-00-00-ab'));
	t.true(belongsTo(`${swarmPrefix('/run/swarmlab/hand-2026-11-24T10-00-00-ab')}lan`, 'hand-2026-11-24T10-00-00-ab'));
});

const strangers: [whose: string, name: string][] = [
	['another run', `${ownPrefix()}2026-11-24T10-00-00-cd-0-1-m1`],
	['a run whose id only begins alike', `${ownPrefix()}2026-11-24T10-00-00-abc-0-1-m1`],
	['a run of another user', `${ownPrefix('/home/else/state')}2026-11-24T10-00-00-ab-0-1-m1`],
	['nobody of ours', 'default'],
];

for (const [whose, name] of strangers) {
	test(`what belongs to ${whose} is left alone`, t => {
		t.false(belongsTo(name, '2026-11-24T10-00-00-ab'));
	});
}
