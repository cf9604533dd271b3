import type { Where } from "../../spec/model.js";
import type { Rule } from "../rule.js";

export const writeDeleteAll: Rule = {
  id: "write/delete-all",
  severity: "error",
  required: true,
  subject: "use case",
  summary: "a delete whose conditions may all be left out",
  why: "A condition with a `when` that is false is left out. When none is left, the delete takes every row.",
  bad: {
    spec: `
command: { orderId: uuid, lineId?: uuid }
writes:
  orders: { update: [shippedAt] }
  orderLines:
    delete:
      where: { id: { eq: command.lineId, when: has(command.lineId) } }  # found here
`,
  },
  good: {
    spec: `
command: { orderId: uuid, lineId?: uuid }
writes:
  orders: { update: [shippedAt] }
  orderLines:
    delete:
      where: { orderId: order.id, id: { eq: command.lineId, when: has(command.lineId) } }
`,
  },
  check({ useCase }, report) {
    for (const write of useCase.writes) {
      if (typeof write.delete !== "object" || alwaysAsks(write.delete)) continue;
      report({
        at: write.delete,
        message: `When its conditions are left out, this deletes all ${write.table.name}.`,
        help: "Add a condition that always holds for the rows that are meant.",
      });
    }
  },
};

/** Whether something is asked of every row, whatever is left out. */
function alwaysAsks({ conditions, or, not }: Where): boolean {
  return conditions.some(({ when }) => when === undefined) || or.some((branches) => branches.every(alwaysAsks)) || not.some(alwaysAsks);
}
