/** For `node --import`: what a process loads finds `swarmlab`, wherever it lies; and the process ends when its parent is gone. */
import {isMainThread} from 'node:worker_threads';
import {endWithParent} from '../processes/watchdog.ts';
import {registerSelfImport} from './self-import.ts';

registerSelfImport();
// Node preloads this in each thread, too; a process needs one guard.
if (isMainThread) {
	endWithParent();
}
