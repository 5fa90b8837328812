/** What the builders of artifacts report while they work: events of the run's record, without their time. */
import type {Event} from '../model/index.ts';

export type ArtifactEvent = Omit<Extract<Event, {event: 'artifact'}>, 'at'>;
export type NoticeEvent = Omit<Extract<Event, {event: 'notice'}>, 'at'>;

/** Receives an event. The record adds `at` when it writes the event. */
export type Report = (event: ArtifactEvent | NoticeEvent) => void;

/** Ignores every event. */
export const noReport: Report = () => {};
