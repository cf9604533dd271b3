export { type DecidedMessage, type DecidedWrite, type Decision, decide, type Given } from "./decide.js";
export { row } from "./row.js";
