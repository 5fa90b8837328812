/** How many repetitions of a claim came out like the one that is reported: the beginning of its message. */
import type {Reason, Verdict} from '../../model/index.ts';
import {counted} from '../counted.ts';

/** Begins the message with the share of the repetitions, if there are several: `3 of 4 repetitions failed: …`. */
export function withShare(reason: Reason, verdict: Verdict, repetitions: Record<Verdict, number>): Reason {
	const all = Object.values(repetitions).reduce((sum, each) => sum + each, 0);
	return all < 2 || verdict === 'skipped'
		? reason
		: {...reason, message: `${repetitions[verdict]} of ${counted(all, 'repetition')} ${verdict}: ${reason.message}`};
}

/** Returns a message without the share that `withShare` began it with. */
export function withoutShare(message: string): string {
	return message.replace(/^\d+ of \d+ repetitions [a-z]+: /, '');
}
