import test from 'ava';
import {versionCheck} from './needs.ts';

const rows: [what: string, said: string | undefined, state: 'ok' | 'missing'][] = [
	["Debian's", 'QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)', 'ok'],
	['an old QEMU', 'QEMU emulator version 6.2.0 (Debian)', 'missing'],
	['the oldest that will do', 'QEMU emulator version 7.2.0', 'ok'],
	['a new one', 'QEMU emulator version 10.0.13', 'ok'],
	['one that does not run', undefined, 'missing'],
];

for (const [what, said, state] of rows) {
	test(`${what} is ${state}, and what is missing has a remedy`, t => {
		const check = versionCheck(said);
		t.is(check.state, state);
		t.is(check.remedy === undefined, state === 'ok');
	});
}
