import type { Rule } from "../rule.js";

export const writeReferencedRow: Rule = {
  id: "write/referenced-row",
  severity: "warning",
  subject: "use case",
  summary: "a delete that the database refuses while other rows refer to the row, with no error that says so",
  why: "A foreign key without `onDelete` refuses the delete of a row that has children. Callers then get ConstraintViolation, which says nothing to them.",
  bad: {
    spec: `
policies:
  - permission: orders.ship
  - rule: order.status == 'draft'
writes:
  orders: [delete]  # found here
`,
  },
  good: {
    spec: `
policies:
  - permission: orders.ship
  - rule: order.status == 'draft'
writes:
  orders: [delete]
errors:
  OrderHasLines: { kind: conflict, constraint: order_lines_order_id_orders_id_fk }
`,
  },
  check({ useCase, project, findTable }, report) {
    if (useCase.writes.every((write) => write.delete === undefined)) return;
    const named = new Set(useCase.errors.flatMap(({ constraints }) => constraints.map(({ name }) => name)));
    const emptied = new Set(useCase.writes.filter((write) => write.delete !== undefined).map(({ table }) => table.name));
    for (const write of useCase.writes) {
      const table = write.delete === undefined ? undefined : findTable(write.table.name);
      if (table === undefined) continue;
      const keys = (project.schema?.tables ?? [])
        // Whoever deletes the children too knows of them.
        .filter(({ name }) => name === table.name || !emptied.has(name))
        .flatMap((child) => child.foreignKeys.map((key) => ({ ...key, child: child.name })))
        .filter(({ table: parent, onDelete, name }) => parent === table.name && onDelete === undefined && !named.has(name));
      const [first] = keys;
      if (first === undefined) continue;
      const children = [...new Set(keys.map(({ child }) => child))].join(", ");
      report({
        at: write,
        on: "key",
        message: `Rows of ${children} may refer to what is deleted: the database then refuses it, and no error says so.`,
        help: `Declare one with \`constraint: ${first.name}\`, delete those rows too, or give the foreign key \`onDelete\`.`,
      });
    }
  },
};
