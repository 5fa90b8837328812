import test from 'ava';
import type {Event} from '../model/index.ts';
import {asLines, sampleRun} from './fixtures/sample-run.ts';
import {parseRecord} from './record.ts';
import {summarise} from './summary/summarise.ts';

/** As swarmlab 0.1.0 wrote it before records had facts of providers. */
const host =
	'"host":{"hostname":"runner-1","os":"Debian GNU/Linux 12 (bookworm)","kernel":"6.1.0-52-amd64","cpus":2,"memory":24064,' +
	'"qemu":"QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)","accelerator":"tcg",' +
	'"acceleratorReason":"/dev/kvm is there, but a VM booted with it said nothing for 15 s","swarmlab":"0.1.0"}';

const now = asLines(sampleRun());
const facts = /"host":\{[^{]*\{[^}]*\}[^}]*\}/;

function read(text: string) {
	const {events, problems} = parseRecord(text);
	return summarise(events, problems);
}

test('a record of schema 1, with a number or without, comes to the same as one of today', t => {
	const older = now.replace(facts, host);
	t.not(older, now);
	t.deepEqual(read(older), read(now));
	t.deepEqual(read(older.replace('"event":"run-started"', '"event":"run-started","schema":1')), read(now));
	t.deepEqual(read(now).problems, []);
});

test('a line of schema 1 that lacks the version of QEMU is damaged, as it was', t => {
	const summary = read(now.replace(facts, host.replace(/"qemu":"[^"]*",/, '')));
	t.deepEqual(summary.problems, ['Line 1 is damaged: host.facts.qemu is missing.']);
	t.deepEqual(summary.host?.facts, {qemu: 'unknown'});
});

test('a record of today that has lost the facts of the providers has none', t => {
	const [started, ...others] = sampleRun() as [Extract<Event, {event: 'run-started'}>, ...Event[]];
	const {facts: _lost, ...rest} = started.host;
	const damaged = [{...started, schema: 2, host: rest as typeof started.host}, ...others];
	const summary = read(asLines(damaged));
	t.deepEqual(summary.problems, ['Line 1 is damaged: host.facts is missing.']);
	t.deepEqual(summary.host?.facts, {});
});
