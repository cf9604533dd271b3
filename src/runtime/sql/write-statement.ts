import type { WriteStep } from "../writes/plan-writes.js";
import type { DeletePart } from "./delete-where.js";
import type { OwnNames } from "./own-names.js";
import type { Parameters } from "./parameters.js";
import { type WritePart, writeRows } from "./write-rows.js";

const isNew = ({ operation }: WriteStep) => operation === "insert" || operation === "upsert";

/** The steps of user tables as parts, in their order. An insert comes after all other changes of its table. */
export function writeSteps(steps: readonly WriteStep[], parameters: Parameters, deletes: readonly DeletePart[] = []): readonly WritePart[] {
  return steps.map((step, index) => {
    const deleted = deletes.filter(({ deletion }) => isNew(step) && deletion.from.name === step.repository.name).map(({ cte }) => cte);
    const after = !isNew(step)
      ? []
      : steps.flatMap((other, at) => (!isNew(other) && other.repository.name === step.repository.name ? [`w${at}`] : []));
    return writeRows(step, `w${index}`, [...deleted, ...after], parameters);
  });
}

/**
 * All parts as one statement, which ends in server-side checks. A check that fails raises, so that the COMMIT that is
 * already on its way answers ROLLBACK: a check in the client would come too late.
 */
export function writeStatement(parts: readonly WritePart[], names: OwnNames): string {
  const checks = [{ check: "current_setting('usecase.go', true) = '1'", message: "'the write is outside its transaction'" }, ...parts].map(
    ({ check, message }) => `case when ${check} then 1 else ${names.assert}(false, ${message}) end`,
  );
  const ctes = parts.flatMap((part) => part.ctes);
  return `with ${ctes.join(", ")} select ${checks.join(", ")}`;
}
