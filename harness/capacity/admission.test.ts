import test from 'ava';
import {type Commitment, decideAdmission} from './admission.ts';

/** Of its 9000 MiB, 7976 are for machines. */
const total = 9000;

function standing(cell: string, memory: number, more: Partial<Commitment> = {}): Commitment {
	return {cell, memory, cpus: 3, lease: 'run-1', kept: false, ...more};
}

interface Row {
	/** MiB. */
	needs: number;
	cpus?: number;
	/** MemAvailable, MiB. */
	free?: number;
	hostCpus?: number;
	promised?: Commitment[];
	touched?: Record<string, number>;
	answer: RegExp;
}

const rows: Record<string, Row> = {
	'an empty host takes what it has room for, to the last MiB': {needs: 7976, answer: /^fits$/},
	'what is larger than the host never fits': {
		needs: 7977,
		answer:
			/^never it needs 7977 MiB of memory, and this host has 7976 MiB for machines \(9000 MiB less 1024 MiB for itself\)$/,
	},
	'what is promised and not yet touched is not free': {
		needs: 4000,
		promised: [standing('a', 4000)],
		answer: /^runs memory: it needs 4000 MiB, 3976 MiB are free and not promised to a \(run-1\)$/,
	},
	'what is promised and touched counts once': {
		needs: 3976,
		free: 6000,
		promised: [standing('a', 4000)],
		touched: {'run-1': 3000},
		answer: /^fits$/,
	},
	'and one MiB more is too much': {
		needs: 3977,
		free: 6000,
		promised: [standing('a', 4000)],
		touched: {'run-1': 3000},
		answer: /^runs /,
	},
	'machines that hold more than they were promised make no room': {
		needs: 3000,
		free: 3000,
		promised: [standing('a', 4000)],
		touched: {'run-1': 6000},
		answer: /^runs memory: it needs 3000 MiB, 1976 MiB are free /,
	},
	'what one run holds too much does not come out of the promise to another': {
		needs: 1000,
		free: 3000,
		promised: [standing('a', 1000), standing('b', 1500, {lease: 'run-2'})],
		touched: {'run-1': 5000},
		answer: /^runs memory: it needs 1000 MiB, 476 MiB are free and not promised to a \(run-1\), b \(run-2\)$/,
	},
	'what other programs hold may become free': {
		needs: 2000,
		free: 2500,
		answer: /^programs memory: it needs 2000 MiB, 1476 MiB are free; other programs hold the rest$/,
	},
	'what is free is never less than nothing': {needs: 100, free: 500, answer: /^programs .*, 0 MiB are free;/},
	'when other runs end and it still does not fit, other programs are in the way': {
		needs: 4000,
		free: 1000,
		promised: [standing('a', 2000)],
		touched: {'run-1': 1000},
		answer: /^programs /,
	},
	'what was left up never ends by itself': {
		needs: 4000,
		promised: [standing('a', 4000, {kept: true, lease: 'hand-1'}), standing('b', 1000)],
		answer:
			/^never it needs 4000 MiB of memory, and of the 7976 MiB .* 4000 MiB are promised to what was left up: a \(hand-1\)$/,
	},
	'beside what was left up there may be room': {
		needs: 3976,
		promised: [standing('a', 4000, {kept: true})],
		answer: /^fits$/,
	},
	'machines share CPUs, three to one': {
		needs: 10,
		cpus: 3,
		hostCpus: 2,
		promised: [standing('a', 10)],
		answer: /^fits$/,
	},
	'and not four': {
		needs: 10,
		cpus: 4,
		hostCpus: 2,
		promised: [standing('a', 10, {lease: ''})],
		answer: /^runs CPUs: its machines have 4, and of 6 at once 3 are promised to a$/,
	},
	'the first always finds a CPU': {needs: 10, cpus: 70, hostCpus: 1, answer: /^fits$/},
	'so it does beside what was left up': {
		needs: 10,
		cpus: 70,
		hostCpus: 1,
		promised: [standing('a', 10, {kept: true})],
		answer: /^fits$/,
	},
	'who takes what there is of CPUs, knows the host': {
		needs: 10,
		hostCpus: Number.POSITIVE_INFINITY,
		promised: [standing('a', 10, {cpus: 70})],
		answer: /^fits$/,
	},
};

for (const [
	title,
	{needs, cpus = 1, free = total, hostCpus = 8, promised = [], touched = {}, answer},
] of Object.entries(rows)) {
	test(title, t => {
		const found = decideAdmission({memory: needs, cpus}, promised, touched, {
			cpus: hostCpus,
			freeMib: free,
			totalMib: total,
		});
		const words = [found.state === 'waits' ? found.until : found.state, ...(found.state === 'fits' ? [] : [found.why])];
		t.regex(words.join(' '), answer);
	});
}
