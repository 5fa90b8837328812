import test from 'ava';
import {placesOf} from './form.ts';

const machine = {address: '10.99.0.3'};

test('without options a node listens, advertises and is joined at its address on the LAN', t => {
	t.deepEqual(placesOf(machine, {}), {
		ListenAddr: '10.99.0.3:2377',
		AdvertiseAddr: '10.99.0.3',
		RemoteAddr: '10.99.0.3:2377',
	});
});

test('{n} is the number of the node, and an IPv6 address with a port has brackets', t => {
	t.deepEqual(placesOf(machine, {advertiseAddr: 'fd00:53::{n}', dataPathAddr: '10.77.0.{n}'}), {
		ListenAddr: '[fd00:53::3]:2377',
		AdvertiseAddr: 'fd00:53::3',
		DataPathAddr: '10.77.0.3',
		RemoteAddr: '[fd00:53::3]:2377',
	});
});

test('a device is advertised by its name, and the node is joined at its address', t => {
	t.deepEqual(placesOf(machine, {advertiseAddr: 'eth1', listenAddr: '0.0.0.0:2378'}), {
		ListenAddr: '0.0.0.0:2378',
		AdvertiseAddr: 'eth1',
		RemoteAddr: '10.99.0.3:2378',
	});
});
