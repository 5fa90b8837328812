/**
 * While machines are saved they stand still, and the process that saves them lets them go on. If it is killed, this process does:
 * `keep` starts it with their handles as JSON, and writes a line to its input when they go on. An input that ends without a line
 * is that of a process that was killed.
 */
import type {MachineHandle} from '../../model/index.ts';
import {letGoOn} from './keep.ts';

const machines = JSON.parse(process.argv[2]!) as MachineHandle[];
let goOn = false;
process.stdin.on('data', () => {
	goOn = true;
});
process.stdin.once('end', async () => {
	if (!goOn) {
		await letGoOn(machines);
	}
});
