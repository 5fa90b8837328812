/** What other rooms may import from this one. */

export {runExercises} from './exercise.ts';
export {type ExerciseOutput, type Expected, judgeExercise} from './judge.ts';
export {waitForKeystone} from './keystone.ts';
export {kinds} from './kinds.ts';
export {asStackUser} from './place.ts';
export {allExercises, findRevision, requireSystem} from './revisions.ts';
export {parseLocalrc, requireGitBase, resolveStack} from './spec.ts';
export {runStack, type StackOutcome} from './stack.ts';
export {StackReader} from './stack-log.ts';
export {hasTempest, runTempest} from './tempest.ts';
export {oncePerTest, type TestOutcome} from './tests.ts';
