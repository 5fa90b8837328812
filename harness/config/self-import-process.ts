/**
 * For `node --import`: files that the process loads can import `swarmlab` from any folder, and the process ends when its
 * parent is gone.
 */
import {isMainThread} from 'node:worker_threads';
import {endWithParent} from '../processes/watchdog.ts';
import {registerSelfImport} from './self-import.ts';

registerSelfImport();
// Node preloads this in each thread, too; a process needs one guard.
if (isMainThread) {
	endWithParent();
}
