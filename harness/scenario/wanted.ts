/** Decides which claims of a file run. Pure. */
export {isWanted} from '../record/wanted.ts';
