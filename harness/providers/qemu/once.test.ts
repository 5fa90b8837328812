import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {MachineError} from '../../errors.ts';
import {buildKernel} from '../../images/kernel-artifact.ts';
import {resolveKernel} from '../../images/kernel-spec.ts';
import {listKernels} from '../../images/kernels.ts';
import {silent} from '../../images/report.ts';
import {detectPackageSettings} from '../../images/settings.ts';
import {bootOnce, type OnceOptions} from './once.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'swarmlab-once-'));
const console = path.join(folder, 'console.log');
let machine: OnceOptions;

test.before(async () => {
	const settings = await detectPackageSettings();
	const kernel = await resolveKernel('6.1', await listKernels(settings));
	const {vmlinuz, initrd} = await buildKernel(kernel, settings, silent);
	machine = {
		name: 'builder',
		accelerator: 'tcg',
		kernel: vmlinuz,
		initrd,
		append: 'console=ttyS0 panic=-1 quiet swarmlab.task=probe',
		disks: [],
		memory: 256,
		cpus: 1,
		console,
		timeout: 60,
	};
});

test.after.always(() => rmSync(folder, {recursive: true, force: true}));

test.serial('a guest that powers off ends well, its console is in the file', async t => {
	await bootOnce(machine);
	t.regex(readFileSync(console, 'utf8'), /swarmlab: probe ok/);
});

test.serial('a guest that is not done in time is ended, and the error has its last lines', async t => {
	const append = 'console=ttyS0 panic=-1 earlyprintk=ttyS0 swarmlab.task=probe';
	const error = await t.throwsAsync(bootOnce({...machine, append, timeout: 1}), {
		instanceOf: MachineError,
	});
	t.regex(error?.message ?? '', /^builder: It was not done after 1 s/);
	t.true((error as MachineError).consoleTail.length > 0, error?.message);
});

test.serial('what QEMU says when it cannot start is in the error', async t => {
	await t.throwsAsync(bootOnce({...machine, kernel: path.join(folder, 'none')}), {
		instanceOf: MachineError,
		message: /QEMU ended with exit code 1.*could not open kernel file/s,
	});
});
