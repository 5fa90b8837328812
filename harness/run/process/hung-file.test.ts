import path from 'node:path';
import test from 'ava';
import type {PlannedScenario} from '../../model/index.ts';
import {workspace} from '../../workspace.ts';
import {hungFile} from './hung-file.ts';
import type {ScenarioProgress} from './progress.ts';

const names = ['scenarios/a.ts', 'scenarios/b.ts'] as const;
const files = names.map(name => path.join(workspace, name));
const scenario = (file: string, title: string) => ({file, title}) as PlannedScenario;
const announced = [scenario(names[0]!, 'first'), scenario(names[0]!, 'second'), scenario(names[1]!, 'third')];
const line = (progress: ScenarioProgress['progress'], at: number) =>
	({progress, scenario: announced[at]!}) as ScenarioProgress;

test('without any progress, the first file is loading', t => {
	t.is(hungFile(files, [], announced), files[0]!);
});

test('a scenario that has started hangs in its file', t => {
	t.is(hungFile(files, [line('started', 0)], announced), files[0]!);
});

test('between two scenarios of one file, that file hangs', t => {
	t.is(hungFile(files, [line('started', 0), line('ended', 0)], announced), files[0]!);
});

test('after the last scenario of a file, the next file is loading', t => {
	const progress = [0, 1].flatMap(at => [line('started', at), line('ended', at)]);
	t.is(hungFile(files, progress, announced), files[1]!);
});

test('after the last scenario of all, the last file does not end', t => {
	const progress = [0, 1, 2].flatMap(at => [line('started', at), line('ended', at)]);
	t.is(hungFile(files, progress, announced), files[1]!);
});
