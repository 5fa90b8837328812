import test from 'ava';
import {HarnessError, NotApplicable, VariantRefused} from '../errors.ts';
import type {Engine, Variant} from '../model/index.ts';
import {variantTrouble} from './variant-trouble.ts';

const engine = {version: '28.5.2'} as Engine;
const told = (console: string, variant: Variant | undefined = {id: 'nft'}) =>
	variantTrouble(console, {name: 'm1', variant, engine});

test('an engine that does not start with a variant is told in its own last words', t => {
	const console = [
		'swarmlab: sshd up',
		'swarmlab: FATAL: dockerd did not start: time="2026" level=info msg="Starting up"',
		'time="2026" level=info msg="containerd is there"',
		'failed to start daemon: error initializing graphdriver: driver not supported: nonsense',
		'[   12.345678] cgroup: something else',
		'swarmlab: other program says',
		'this line, too',
	].join('\n');
	const error = told(console)!;
	t.true(error instanceof VariantRefused && error instanceof NotApplicable);
	t.is((error as VariantRefused).verdict, 'skipped');
	t.is(
		error.message,
		'm1: Docker 28.5.2 does not start with the variant nft: failed to start daemon: error initializing graphdriver: driver not supported: nonsense',
	);
	t.is((told(console, {id: 'nft', ifRefused: 'failed'}) as VariantRefused).verdict, 'failed');
	t.is(variantTrouble(console, {name: 'm1', engine}), undefined, 'without a variant it is no matter of variants');
});

test('a variant that the kernel refuses is another thing than one that is wrong', t => {
	const refused = told('swarmlab: FATAL: variant refused: the module ext4 is built into kernel 6.1, so …');
	t.true(refused instanceof VariantRefused);
	t.is(refused!.message, 'm1: the variant nft: the module ext4 is built into kernel 6.1, so …');
	const failed = told('swarmlab: FATAL: variant failed: ls /nowhere ended with exit code 2: No such file');
	t.true(failed instanceof HarnessError);
	t.is(failed!.message, 'm1: the variant nft: ls /nowhere ended with exit code 2: No such file');
	t.is(told('swarmlab: FATAL: init: no /proc'), undefined);
	t.is(told(''), undefined);
	const full = 'swarmlab: FATAL: dockerd did not start: failed to start daemon: write /x: no space left on device';
	t.is(told(full), undefined, 'a full disk is no word of the engine about the variant');
});
