/** Which claims of a file are to be proven. Pure. */
export {isWanted} from '../record/wanted.ts';
