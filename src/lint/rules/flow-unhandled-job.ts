import { nearest } from "../../spec/suggest.js";
import { triggers } from "../messages.js";
import type { GatheredBy, Rule } from "../rule.js";

export const flowUnhandledJob: Rule<GatheredBy<typeof triggers>> = {
  id: "flow/unhandled-job",
  severity: "warning",
  subject: "project",
  summary: "a job that starts no use case, in a project whose jobs do",
  why: "A job is something that is still to be done: if nobody takes it, it waits until it is a dead letter.",
  bad: {
    spec: `
jobs:
  NotifyCustomer: { payload: { customerId: { from: order.customerId } } }
  PrintLabel: { payload: { orderId: { from: order.id } } }  # found here
`,
    files: {
      "notify-customer.usecase.yaml": `
usecase: NotifyCustomer
summary: Tell a customer that the order is on its way.
command: { customerId: uuid }
triggers: [{ job: NotifyCustomer }]
idempotency: { key: caller }
state:
  customer: { table: customers, where: { id: command.customerId }, lock: no key update }
policies: [{ permission: customers.notify }]
events:
  CustomerNotified: { version: 1, key: customer.id, payload: { customerId: { from: customer.id } } }
result: {}
audit: { subject: { type: Customer, id: customer.id } }
`,
    },
  },
  good: {
    spec: `
jobs:
  NotifyCustomer: { payload: { customerId: { from: order.customerId } } }
`,
  },
  gather: triggers,
  check({ project }, report, given) {
    if (project.incomplete) return;
    // Elsewhere, jobs go to a queue of the application's own.
    if (!given.some(({ fact }) => fact.some(({ kind }) => kind === "job"))) return;
    const jobs = project.useCases.flatMap((useCase) => useCase.jobs.map(({ name }) => name));
    // A job that a trigger means but misspells is told there.
    const told = new Set(
      project.useCases
        .flatMap((useCase) => useCase.triggers)
        .flatMap((trigger) => (trigger.kind !== "job" ? [] : jobs.includes(trigger.job) ? [trigger.job] : nearest(trigger.job, jobs))),
    );
    for (const useCase of project.useCases)
      for (const job of useCase.jobs) {
        if (told.has(job.name)) continue;
        told.add(job.name);
        report({
          at: { path: job.path, file: job.file ?? useCase.file },
          on: "key",
          message: `Job ${job.name} starts no use case.`,
          help: `Give the one that does it \`triggers: [{ job: ${job.name} }]\`.`,
        });
      }
  },
};
