/** A rehearsed stack in a machine of QEMU: it is made, saved and restored, and what comes out is JUnit. */
import fs from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Result} from '../../harness/model/index.ts';
import {all, faults, parse, wrongCounts} from '../../reports/fixtures/read-junit.ts';
import {events, forget, ownPlaces, processesIn, remains, runFolder, swarmlab} from './lab.ts';
import test from './real-test.ts';

test.serial('from nothing to JUnit, and again from the snapshot', async t => {
	const localrc = ['--localrc', 'REHEARSE=exercise', '--localrc', `MARK=${process.pid}`];
	for (const state of ['built', 'cached']) {
		const own = ownPlaces();
		const {exitCode, all: said} = await swarmlab(
			['run', 'scenarios/devstack', '--stack', 'rehearsal', ...localrc],
			own,
		);
		t.is(exitCode, 1, said);
		const results = events(own).flatMap(event => (event.event === 'result' ? [event.result] : []));
		t.deepEqual(Object.fromEntries(results.map(({title, verdict}) => [title, verdict])), {
			...{'stack.sh completes': 'passed', aggregates: 'passed', 'client-args': 'passed', 'client-env': 'passed'},
			...{swift: 'skipped', volumes: 'failed', 'tempest run --smoke comes to its end': 'passed'},
			...{'tempest.api.identity.test_versions': 'passed', 'tempest.api.volume.test_list': 'skipped'},
			'Keystone answers where stack.sh said, by the address of the machine': 'passed',
			// Where there is no OpenStack nobody can walk through it.
			...Object.fromEntries(results.filter(({file}) => file.endsWith('walk.ts')).map(({title}) => [title, 'skipped'])),
		});
		t.deepEqual(new Set(results.map(({origin}) => origin)), new Set(['fixture snapshot']));
		t.is(events(own).findLast(event => event.event === 'artifact' && event.kind === 'fixture')?.event, 'artifact');
		t.true(
			events(own).some(event => event.event === 'artifact' && event.kind === 'fixture' && event.state === state),
			state,
		);
		await asWanted(t, fs.readFileSync(path.join(runFolder(own)!, 'junit.xml'), 'utf8'), results, runFolder(own)!);
		t.regex(fs.readFileSync(path.join(runFolder(own)!, 'index.html'), 'utf8'), /come from a rehearsal tree/);
		t.deepEqual(processesIn(own), []);
		t.deepEqual(remains(own), []);
		forget(own);
	}
});

async function asWanted(t: ExecutionContext, xml: string, results: Result[], folder: string): Promise<void> {
	t.deepEqual(await faults(xml), []);
	const document = parse(xml);
	t.deepEqual(wrongCounts(document), []);
	const cases = all(document, 'testcase').filter(each => each.attributes.name !== 'provision');
	t.deepEqual(
		cases.map(({attributes}) => attributes.classname?.replace(/\.qemu-k.*-rehearsal$/, '')),
		results.map(() => 'devstack'),
	);
	const volumes = cases.find(each => each.attributes.name === 'volumes')!;
	t.regex(all(volumes, 'failure')[0]!.attributes.message!, /^Failure getting image/);
	const [, attached] = /\[\[ATTACHMENT\|(\S*exercise\.sh\.log)\]\]/.exec(all(volumes, 'system-out')[0]!.text) ?? [];
	t.true(fs.existsSync(path.join(folder, attached!.slice(attached!.indexOf('cells/')))), 'the log is attached');
	t.is(all(cases.find(each => each.attributes.name === 'swift')!, 'skipped')[0]!.attributes.message, 'exit 55');
	const facts = all(document, 'property').map(({attributes}) => `${attributes.name}=${attributes.value}`);
	t.true(
		facts.some(each => /^stack=a rehearsal tree/.test(each)),
		'JUnit says what kind of stack it is',
	);
	t.true(facts.includes('localrc.REHEARSE=exercise'));
	t.regex(results.find(each => each.title === 'stack.sh completes')!.evidence.join(), /stack\.sh\.log/);
}
