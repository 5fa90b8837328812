/** The room's door. */
export {alive} from './alive.ts';
export {type ExerciseRequest, runExercises} from './exercise.ts';
export {ExerciseReader} from './exercise-log.ts';
export {type Exercised, type Expected, judgeExercise} from './judge.ts';
export {kinds} from './kinds.ts';
export {asStack} from './place.ts';
export {allExercises, findRevision, requireSystem} from './revisions.ts';
export {parseLocalrc, resolveStack} from './spec.ts';
export {runStack, type StackOutcome, type StackRequest} from './stack.ts';
export {type Failure, StackReader} from './stack-log.ts';
export {hasTempest, runTempest} from './tempest.ts';
export {oncePerTest, type TestOutcome} from './tests.ts';
