import type { Field, UseCase } from "../spec/model.js";
import { oncePer } from "../spec/once-per.js";

/** The fields that a use case shows to others: of its command and result, its messages and errors. */
export const fieldsOf = oncePer(({ command, result, events, jobs, errors }: UseCase): readonly Field[] => [
  ...command,
  ...result,
  ...events.flatMap(({ payload }) => payload),
  ...jobs.flatMap(({ payload }) => payload),
  ...errors.flatMap(({ details = [] }) => details),
]);
