/** What a diagnosis bench that was interrupted has left to do. Pure. */
import type {Arguments} from './diagnosis-arguments.ts';
import type {InjectedCause} from './diagnosis-cause.ts';
import type {Asked} from './diagnosis-cell.ts';
import type {CauseRun} from './diagnosis-table.ts';

const sameAs = ({docker, kernel, provider}: Asked) => {
	const wanted = [docker, kernel, provider].join();
	return ({asked}: CauseRun) => [asked.docker, asked.kernel, asked.provider].join() === wanted;
};

/** What is left to do: each cause so often, without trouble. Those with the same kind of overlay follow each other. */
export function leftOf(options: Arguments, done: readonly CauseRun[]): {cause: InjectedCause; repetition: number}[] {
	const mine = done.filter(sameAs(options)).filter(({trouble}) => trouble === undefined);
	const rounds = Array.from({length: options.repeat}, (_, at) => at + 1);
	return rounds.flatMap(repetition =>
		options.chosen
			.filter(({only = options.provider}) => only === options.provider)
			.filter(({id}) => mine.filter(({cause}) => cause === id).length < repetition)
			.toSorted((a, b) => Number(a.encrypted ?? false) - Number(b.encrypted ?? false))
			.map(cause => ({cause, repetition})),
	);
}
