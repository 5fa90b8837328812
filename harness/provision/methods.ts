/** The ways in which what is under test comes to stand. */
import type {Origin} from '../model/index.ts';
import type {MachinesUp} from '../providers/provider.ts';
import type {Artifact} from '../store/cache.ts';
import type {Provisioned} from './request.ts';
import type {Snapshot} from './snapshot.ts';

/** How machines that are up become what is under test. */
export type SetUp = (up: MachinesUp) => Promise<Omit<Provisioned, 'up' | 'origin'>>;

export interface Ways {
	/** Undefined: nothing is restored. */
	restored?: {
		origin: Origin;
		/** Each machine comes back from one of them. */
		snapshots(): Promise<Snapshot[]>;
		/** @param artifacts of the snapshots */
		setUp(artifacts: Artifact[]): SetUp;
	};
	booted: SetUp;
	/** What is done where restoring does not work, in a message. */
	fallback: 'booting' | 'stacking';
}
