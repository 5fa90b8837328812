import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {buildKernel} from '../artifacts/kernels/kernel-artifact.ts';
import {resolveKernel} from '../artifacts/kernels/kernel-spec.ts';
import {listKernels} from '../artifacts/kernels/kernels.ts';
import {openHostPackages} from '../artifacts/packages/packages.ts';
import {MachineError} from '../errors.ts';
import {noReport} from '../store/report.ts';
import {type BootOnceOptions, bootOnce} from './once.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'swarmlab-once-'));
const console = path.join(folder, 'console.log');
let machine: BootOnceOptions;

test.before(async () => {
	const packages = await openHostPackages();
	const kernel = await resolveKernel('6.1', await listKernels(packages));
	const {vmlinuz, initrd} = await buildKernel(kernel, packages, noReport);
	machine = {
		name: 'builder',
		accelerator: 'tcg',
		kernel: vmlinuz,
		initrd,
		append: 'console=ttyS0 panic=-1 quiet swarmlab.task=probe',
		disks: [],
		memoryMib: 256,
		cpus: 1,
		console,
		timeout: 900,
	};
});

test.after.always(() => rmSync(folder, {recursive: true, force: true}));

test.serial('a guest that powers off ends well, its console is in the file', async t => {
	await bootOnce(machine);
	t.regex(readFileSync(console, 'utf8'), /swarmlab: probe ok/);
});

/** A kernel without an init stands still in its panic, however quick or slow the host is. */
const endless = 'console=ttyS0 panic=0 earlyprintk=ttyS0 rdinit=/none root=none';

test.serial('a guest that is not done in time is ended', async t => {
	await t.throwsAsync(bootOnce({...machine, append: endless, timeout: 1}), {
		instanceOf: MachineError,
		message: /^builder: It was not done after 1 s/,
	});
});

test.serial('a guest that is ended before it was done is reported with the last lines of its console', async t => {
	rmSync(console, {force: true});
	const ended = new AbortController();
	const booting = bootOnce({...machine, append: endless, timeout: 600, signal: ended.signal});
	const reported = t.throwsAsync(booting, {
		instanceOf: MachineError,
		message: /^builder: It was ended before it was done/,
	});
	while (!existsSync(console) || !readFileSync(console, 'utf8').includes('\n')) {
		await sleep(50);
	}

	ended.abort();
	t.not(((await reported) as MachineError).consoleTail.length, 0);
});

test.serial('what QEMU says when it cannot start is in the error', async t => {
	await t.throwsAsync(bootOnce({...machine, kernel: path.join(folder, 'none')}), {
		instanceOf: MachineError,
		message: /QEMU ended with exit code 1.*could not open kernel file/s,
	});
});
