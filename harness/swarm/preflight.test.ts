import test from 'ava';
import {isVersion} from './preflight.ts';

for (const [printed, asked, same] of [
	['20.10.24+dfsg1', '20.10.24', true],
	['20.10.24', '20.10.24', true],
	['20.10.241', '20.10.24', false],
	['20.10.24.1', '20.10.24', false],
	['1.12.1', '1.12.2', false],
	['28.5.2~rc1', '28.5.2', true],
] as const) {
	test(`Docker ${printed} is ${same ? '' : 'not '}version ${asked}`, t => {
		t.is(isVersion(printed, asked), same);
	});
}
