/**
 * Measures how reliable a restore is: `npm run bench:restores` restores a swarm with a service 100 times in a row (or as often
 * as the number says), each time from the snapshot, and checks it with `test/real/fixtures/restored.ts`.
 */
import path from 'node:path';
import {parseArgs} from 'node:util';
import {events, forget, ownPlaces, swarmlab} from '../test/real/lab.ts';
import {median} from './measure.ts';

const {positionals, values} = parseArgs({
	allowPositionals: true,
	options: {kernel: {type: 'string'}, docker: {type: 'string'}},
});
const times = Number(positionals[0] ?? 100);
const fixture = path.resolve(import.meta.dirname, '../test/real/fixtures/restored.ts');
const places = ownPlaces();
const chosen = Object.entries(values).flatMap(([name, value]) => (value ? [`--${name}`, value] : []));
const started = performance.now();
const {exitCode, all} = await swarmlab(
	['run', fixture, '--reuse-fixtures', '--repeat', String(times), ...chosen],
	places,
	{
		timeout: 7200,
	},
);
const seconds = (performance.now() - started) / 1000;
const recorded = events(places);
const results = recorded.flatMap(event => (event.event === 'result' ? [event.result] : []));
const restores = recorded.flatMap(event => (event.event === 'cell-formed' ? [event] : []));
const nodes = results.flatMap(({log}) => log.filter(line => line.startsWith('{')).map(line => JSON.parse(line)));
const distinct = (what: string) => new Set(nodes.map(node => node[what])).size;
const count = (verdict: string) => results.filter(result => result.verdict === verdict).length;

console.log(
	[
		`${times} restores of a swarm with a service from its snapshot, ${restores[0]?.cell ?? 'no cell'}, in ${seconds.toFixed(0)} s`,
		`restored from the fixture snapshot: ${restores.filter(({origin}) => origin === 'fixture snapshot').length}`,
		`tried again: ${recorded.filter(({event}) => event === 'infrastructure-retry').length}`,
		`strict round-robin from every node: ${count('passed')} passed, ${count('failed')} failed, ${count('broken')} broken`,
		`nodes asked: ${nodes.length}; different random bytes: ${distinct('random')}, different uuids: ${distinct('uuid')}`,
		`seconds until proven alive: median ${median(restores.map(each => each.seconds)).toFixed(2)}, longest ${Math.max(...restores.map(each => each.seconds)).toFixed(2)}`,
	].join('\n'),
);
const isGood =
	exitCode === 0 && results.length === times && distinct('random') === nodes.length && nodes.length === times * 3;
if (isGood) {
	forget(places);
} else {
	console.log(all);
	console.log(`The record: ${places.root}`);
	process.exitCode = 1;
}
