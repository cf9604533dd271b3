import { isSentTwice, reportTwoShapes } from "../message-shapes.js";
import { messagesSent } from "../messages.js";
import type { Rule } from "../rule.js";

export const jobDuplicate: Rule<readonly string[]> = {
  id: "job/duplicate",
  severity: "error",
  required: true,
  subject: "project",
  summary: "one job with two shapes in the project",
  why: "Whoever runs a job knows it by its name: it must have one payload, whoever sends it.",
  bad: {
    spec: `
jobs:
  NotifyCustomer:  # found here
    payload: { customerId: { from: order.customerId }, orderId: { from: order.id } }
`,
    files: {
      "greet-customer.usecase.yaml": `
usecase: GreetCustomer
summary: Welcome a new customer.
command: { customerId: uuid }
idempotency: { key: caller }
policies: [{ permission: customers.greet }]
jobs:
  NotifyCustomer:
    payload: { customerId: { from: command.customerId } }
result: {}
audit: { subject: { type: Customer, id: command.customerId } }
`,
    },
  },
  good: { spec: "jobs:\n  NotifyCustomer:\n    payload: { customerId: { from: order.customerId } }\n" },
  gather: messagesSent,
  check({ project }, report, sent) {
    if (isSentTwice(sent)) reportTwoShapes(project, "jobs", report);
  },
};
