import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {meaningOf} from './failures.ts';
import {failureIn, parseLine} from './output.ts';

/** Really printed here, by the failures that can be had here. */
const captured: [file: string, means: RegExp, host: boolean][] = [
	['nobox.txt', /^The box is not to be had for this provider$/, false],
	['vbox.txt', /^The program that the provider drives is not installed$/, true],
	['noprov.txt', /^Vagrant has no provider 'nothere'$/, true],
	['badbox.txt', /^The file of the box is damaged$/, false],
	['nolibvirt.txt', /^libvirtd does not answer$/, true],
	['taken.txt', /^A machine of that name is there already/, false],
];

for (const [file, means, host] of captured) {
	test(`${file}: ${means.source}`, t => {
		const text = readFileSync(path.join(import.meta.dirname, 'fixtures', file), 'utf8');
		const failure = failureIn(text.split('\n').flatMap(line => parseLine(line) ?? []))!;
		const meaning = meaningOf(`${failure.type}: ${failure.text}`)!;
		t.regex(meaning.message, means);
		t.is(meaning.host, host);
		t.truthy(meaning.remedy);
	});
}

/** Words of failures that cannot be had here, as Vagrant's and VirtualBox's users report them. */
const reported: [words: string, means: RegExp][] = [
	['The requested URL returned error: 429 Too Many Requests', /too many requests/],
	['VBoxManage: error: VT-x is not available (VERR_VMX_NO_VMX)', /processor offers no virtualisation/],
	[
		'The IP address configured for the host-only network is not within the\nallowed ranges. Please update the address used',
		/VirtualBox lets host-only networks have/,
	],
	['internal error: Network is already in use by interface virbr1', /address range of another one/],
	['Timed out while waiting for the machine to boot.', /did not come up in time/],
	['could not access KVM kernel module: No such file or directory', /KVM does not work/],
	['w1: engine.sh: Docker 9 runs, and not 10', /^engine\.sh: Docker 9 runs, and not 10$/],
];

for (const [words, means] of reported) {
	test(`“${words.split('\n')[0]}” means: ${means.source}`, t => {
		t.regex(meaningOf(words)!.message, means);
	});
}

test('what nobody has met yet has no meaning of ours', t => {
	t.is(meaningOf('The moon is in the wrong phase.'), undefined);
});
