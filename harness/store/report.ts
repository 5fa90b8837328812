/** What the rooms of artifacts tell while they work: lines of the run's record, without their time. */
import type {Event} from '../model/index.ts';

export type ArtifactEvent = Omit<Extract<Event, {event: 'artifact'}>, 'at'>;
export type NoticeEvent = Omit<Extract<Event, {event: 'notice'}>, 'at'>;

/** Takes what is worth telling; `at` is added by who writes it down. */
export type Report = (event: ArtifactEvent | NoticeEvent) => void;

/** For callers that have nobody to tell. */
export const noReport: Report = () => {};
