/**
 * AVA's `test` for files with real machines. `.ci/run` sets a limit: a file that starts later than that is skipped, and its titles
 * say why. On a host that is several times slower than usual, CI would else be cut off in the middle, without a result.
 */
import ava, {type TestFn} from 'ava';

/** Minutes since AVA started; both are set in ava.config.js. */
const [startedAtMs, limitMin] = [
	Number(process.env.SWARMLAB_TESTS_STARTED_AT),
	Number(process.env.SWARMLAB_TESTS_LIMIT),
];
const minutes = Math.round((Date.now() - startedAtMs) / 60_000);
const late =
	limitMin > 0 && minutes > limitMin
		? `not started: the tests had run for ${minutes} min, and the limit is ${limitMin}`
		: undefined;

/** Declares every test as skipped. Hooks do not run. */
function skippingAll(test: TestFn<unknown>): TestFn<unknown> {
	const skip = (title: string) => test.skip(`${title} (${late})`, () => {});
	const noHook = Object.assign(() => {}, {always: () => {}});
	const serial = Object.assign(skip, {skip});
	return Object.assign((title: string) => skip(title), {
		...{skip, serial, before: noHook, after: noHook, beforeEach: noHook, afterEach: noHook},
	}) as unknown as TestFn<unknown>;
}

export default late ? skippingAll(ava) : ava;
