/** For `node --import`: what a process loads finds `swarmlab`, wherever it lies. */
import {provideOwnName} from './own-name.ts';

provideOwnName();
