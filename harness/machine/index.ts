/** What other rooms import from this room. */
export {describeActivities, runInScope, starvedSeconds} from './activity.ts';
export {type ClockRate, clockRates} from './clock.ts';
export {connect} from './connect.ts';
export {isAlive, openConnection} from './connection.ts';
export {consoleFrom, consoleSize, consoleTail} from './console.ts';
export {type CpuStretch, stretchBetween, worstStretch} from './cpu-time.ts';
export {saysNoRoom} from './engine-exit.ts';
export {follow} from './follow.ts';
export {http} from './http.ts';
export {type ExecOptions, type ExecResult, Machine} from './machine.ts';
export {usageError} from './misuse.ts';
export {nsenter} from './namespaces.ts';
export {power} from './power.ts';
export {qmp} from './qmp.ts';
export {quote, quoteAll} from './quote.ts';
export {type CpuHistory, CpuWatch, excludingStarvation, watchStarvation} from './starvation.ts';
export {upgradeMachine} from './upgrade.ts';
export {type Look, timed, type WaitOptions, type WaitResult, waitUntil} from './wait.ts';
