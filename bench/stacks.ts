/**
 * Measures the time that a saved stack saves: `npm run bench:stacks` makes a stack from nothing and restores it as often as the
 * number says (5). It prints the seconds of stack.sh, of the whole first time, and of each restore until its cloud answers.
 * `--stack` names the stack.
 */
import {parseArgs} from 'node:util';
import {events, forget, ownPlaces, swarmlab} from '../test/real/lab.ts';
import {median, table} from './measure.ts';

const {positionals, values} = parseArgs({
	allowPositionals: true,
	options: {stack: {type: 'string', default: 'rehearsal'}},
});
const times = Number(positionals[0] ?? 5);
const mark = `BENCH=${Date.now()}`;
const runs = [];
for (let round = 0; round <= times; round++) {
	const places = ownPlaces();
	const command = ['run', 'scenarios/devstack/keystone.ts', '--stack', values.stack, '--localrc', mark];
	const {exitCode, all} = await swarmlab(command, places, {timeout: 7200});
	if (exitCode !== 0) {
		throw new Error(all);
	}

	const recorded = events(places);
	const formed = recorded.find(event => event.event === 'cell-formed');
	const metrics = recorded.flatMap(event => (event.event === 'cell-measured' ? [event.metrics] : []))[0] ?? {};
	const built = recorded.find(
		event => event.event === 'artifact' && event.kind === 'fixture' && event.state === 'built',
	);
	runs.push({formed: formed?.seconds ?? 0, metrics, built: built?.event === 'artifact' ? built.seconds : undefined});
	forget(places);
}

const [first, ...restored] = runs;
const restores = restored.map(({formed}) => formed);
console.log(
	table([
		{what: `${values.stack}: stack.sh`, unit: 's', values: [first!.metrics['stack.sh'] ?? 0]},
		{what: 'booted, stacked and saved', unit: 's', values: [first!.built ?? 0]},
		{what: 'restored, until Keystone answers', unit: 's', values: restores},
		{
			what: 'of that, Keystone asked after the restore',
			unit: 's',
			values: restored.map(({metrics}) => metrics['cloud answers'] ?? 0),
			goal: 5,
		},
	]),
);
console.log(`\nfirst time ÷ restore: ${((first!.built ?? 0) / median(restores)).toFixed(1)} ×`);
