/** The ways to bring up what is under test. */
import type {Origin} from '../model/index.ts';
import type {MachinesUp} from '../providers/provider.ts';
import type {Artifact} from '../store/cache.ts';
import type {Provisioned} from './request.ts';
import type {Snapshot} from './snapshot.ts';

/** Turns machines that are up into what is under test. */
export type SetUp = (up: MachinesUp) => Promise<Omit<Provisioned, 'up' | 'origin'>>;

export interface Ways {
	/** Undefined: nothing is restored. */
	restored?: {
		origin: Origin;
		/** Each machine is restored from one of them. */
		snapshots(): Promise<Snapshot[]>;
		/** @param artifacts of the snapshots */
		setUp(artifacts: Artifact[]): SetUp;
	};
	booted: SetUp;
	/** The word in a message for what is done if the restore fails. */
	fallback: 'booting' | 'stacking';
}
