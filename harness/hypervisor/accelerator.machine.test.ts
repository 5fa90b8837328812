/** What is remembered of a proof; proofs themselves are boots, and each run on real machines begins with one. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-accelerator-'));
test.after.always(() => fs.rmSync(folder, {recursive: true, force: true}));
process.env.SWARMLAB_CACHE = folder;
delete process.env.SWARMLAB_ACCELERATOR;
const {provenAccelerator, qemuVersion} = await import('./accelerator.ts');

const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const kvm = {accelerator: 'kvm', reason: 'a kernel booted'};

function remember(known: unknown): void {
	fs.writeFileSync(path.join(folder, 'accelerator.json'), JSON.stringify(known));
}

/** Where KVM cannot even be tried, no proof of it counts. */
const usable = (() => {
	try {
		fs.accessSync('/dev/kvm', fs.constants.R_OK | fs.constants.W_OK);
		return true;
	} catch {
		return false;
	}
})();

test.serial('a proof holds for its QEMU, and for its boot of the host', async t => {
	const expected = usable ? kvm : undefined;
	const known = async () => {
		const proof = await provenAccelerator();
		return proof?.accelerator === 'kvm' || usable ? proof : undefined;
	};
	remember({boot, proofs: {[await qemuVersion()]: kvm, another: {accelerator: 'tcg', reason: ''}}});
	t.deepEqual(await known(), expected);
	remember({boot, proofs: {another: kvm}});
	t.is(await known(), undefined);
	remember({boot: 'another', proofs: {[await qemuVersion()]: kvm}});
	t.is(await known(), undefined);
});

test.serial('what cannot be read, or has no proof in it, is no proof', async t => {
	for (const known of [{}, {boot}, {validFor: boot, ...kvm}]) {
		remember(known);
		t.not((await provenAccelerator())?.accelerator, 'kvm');
	}
});

test.serial('software emulation that is asked for is used, though KVM was proven', async t => {
	remember({boot, proofs: {[await qemuVersion()]: kvm}});
	process.env.SWARMLAB_ACCELERATOR = 'tcg';
	t.is((await provenAccelerator())?.accelerator, 'tcg');
	delete process.env.SWARMLAB_ACCELERATOR;
});
