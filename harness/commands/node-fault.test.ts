import test from 'ava';
import {UsageError} from '../errors.ts';
import {nodeFaultNames} from '../faults/table.ts';
import {faultFrom} from './fault-options.ts';
import {nodeFaultKinds, optionsFrom} from './node-fault.ts';

test('--with takes words and JSON', t => {
	t.deepEqual(optionsFrom(['mtu=1400', 'rule=-p tcp --dport 80 -j DROP', 'settings={"debug": true}', 'value=']), {
		mtu: '1400',
		rule: '-p tcp --dport 80 -j DROP',
		settings: {debug: true},
		value: '',
	});
	t.throws(() => optionsFrom(['mtu 1400']), {instanceOf: UsageError, message: /'mtu 1400' is none/});
});

test('the list of kinds has every fault in nodes, with what it takes', t => {
	const kinds = nodeFaultKinds();
	t.deepEqual(
		kinds.map(({name}) => name),
		[...nodeFaultNames],
	);
	const {options} = kinds.find(({name}) => name === 'fill-disk')!;
	t.deepEqual(options[1], {name: 'leaveMib', about: 'MiB that stay free'});
});

test('a fault that is mistyped is named, on links and in nodes', t => {
	t.throws(() => faultFrom('pause-engin', {}, ['m1'], nodeFaultNames), {message: /Did you mean 'pause-engine'\?/});
	t.throws(() => faultFrom('blok', {}, ['m1'], nodeFaultNames), {message: /Did you mean 'block'\?/});
});
