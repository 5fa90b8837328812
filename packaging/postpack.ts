/** `npm pack` calls it after it has packed: the clone gets its package.json back. */
import path from 'node:path';
import {putBack} from './swap.ts';

putBack(path.dirname(import.meta.dirname));
