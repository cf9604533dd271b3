import type { Rule } from "../rule.js";
import { within } from "../within.js";

export const auditReasonOptional: Rule = {
  id: "audit/reason-optional",
  severity: "warning",
  subject: "use case",
  summary: "a use case that deletes rows, whose caller may or may not say why",
  why: "What is deleted can no longer be asked: the audit's reason is what is left. Either it is worth asking for, or `none` says that it is not.",
  bad: {
    spec: `
state:
  note: { table: notes, where: { id: command.orderId }, lock: update }
writes:
  notes: [delete]
audit:  # found here
  subject: { type: Note, id: note.id }
`,
  },
  good: {
    spec: `
state:
  note: { table: notes, where: { id: command.orderId }, lock: update }
writes:
  notes: [delete]
audit:
  subject: { type: Note, id: note.id }
  reason: required
`,
  },
  check({ useCase }, report) {
    const { audit, writes } = useCase;
    const deleting = writes.find((write) => write.delete !== undefined);
    // Without any `audit`, its subject is missing first.
    if (audit?.reason !== "optional" || deleting === undefined) return;
    report({
      at: audit,
      on: "key",
      message: `${useCase.name} deletes rows of ${deleting.table.name}, and its caller need not say why.`,
      help: "Write `reason: required`, or `reason: none` where there is nothing to say.",
      related: [{ message: "the delete", at: within(deleting) }],
    });
  },
};
