import test from 'ava';
import fc from 'fast-check';
import {isInText, parseRange, problemOfDay} from './range.ts';

const rows: [version: string, range: string, inside: boolean][] = [
	['20.10.5', '<20.10.8', true],
	['20.10.8', '<20.10.8', false],
	['20.10.24', '<20.10.8', false],
	['19.03.15', '<20.10.8', true],
	['20.10.24', '20.10', true],
	['20.1.24', '20.10', false],
	['25.0.0', '>=25', true],
	['24.0.9', '>=25', false],
	['25.0.3', '>25', false],
	['26.1.5', '>25', true],
	['20.10.99', '<=20.10', true],
	['20.10.24', '>=20.10.15 <28', true],
	['28.5.2', '>=20.10.15 <28', false],
	['29.0', '20.10 || >=29', true],
	['26.1.5', '20.10 || >=29', false],
	['18.06.1', '>= 18.06  < 19', true],
	['6.1.192-generic', '<6.2', true],
	['6.12.118', '<6.2', false],
	['28.5.2', '*', true],
];
for (const [version, range, inside] of rows) {
	test(`${version} is ${inside ? '' : 'not '}in '${range}'`, t => t.is(isInText(version, range), inside));
}

const wrong: [text: string, problem: RegExp][] = [
	['', /there is nothing in it.*Valid: '<20\.10\.8'/],
	['20.10 ||', /nothing after '\|\|'/],
	['|| 20.10', /nothing before '\|\|'/],
	['<20.10.8, >=25', /'<20\.10\.8,' is not understood/],
	['~20.10', /'~20\.10' is not understood/],
	['=>20', /'=>20' is not understood/],
	['20.x', /'20\.x' is not understood/],
];
for (const [text, problem] of wrong) {
	test(`'${text}' is refused: ${problem.source}`, t => {
		const parsed = parseRange(text);
		t.regex('problem' in parsed ? parsed.problem : 'it is a range', problem);
		t.false(isInText('20.10.5', text));
	});
}

test('each version is either below another one, or from it on', t => {
	const version = fc.array(fc.nat(40), {minLength: 1, maxLength: 3}).map(parts => parts.join('.'));
	fc.assert(
		fc.property(version, version, (one, other) => {
			t.not(isInText(one, `<${other}`), isInText(one, `>=${other}`));
			t.not(isInText(one, `>${other}`), isInText(one, `<=${other}`));
		}),
	);
});

test('a day is one of the calendar', t => {
	t.is(problemOfDay('2027-06-30'), undefined);
	for (const text of ['2027-06-31', '2027-6-30', '30.06.2027', '', '2027-13-01', 'tomorrow']) {
		t.regex(problemOfDay(text) ?? '', /is no day/, text);
	}
});
