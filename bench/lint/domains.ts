// What the three kinds of inputs (specs, OpenAPI, protos) have in common: names of domains, and the actions of each.

/** One kind of document that a business handles, with the tables it has. */
export interface Domain {
  /** Singular, PascalCase: `PurchaseInvoice`. */
  readonly type: string;
  /** The main table: `purchaseInvoices`. */
  readonly table: string;
  readonly lines: string;
  readonly stock: string;
}

/** An action of a domain: one spec, one OpenAPI operation, one rpc. */
export interface Operation {
  readonly domain: Domain;
  /** `ApprovePurchaseInvoice` */
  readonly name: string;
  readonly verb: Verb;
}

export const verbs = [
  "Create",
  "Get",
  "Submit",
  "Approve",
  "Close",
  "Cancel",
  "Annotate",
  "Reassign",
  "Reprice",
  "Postpone",
  "AddLineTo",
  "RemoveLineFrom",
  "MoveStockFor",
  "ReserveStockFor",
  "ReleaseStockFor",
  "Escalate",
  "Rename",
  "Inspect",
  "Recount",
  "Discount",
] as const;
export type Verb = (typeof verbs)[number];

const nouns =
  "Order Invoice Shipment Contract Claim Booking Quote Handover Transfer Delivery Payment Refund Credit Budget Project Ticket Visit Audit Permit Lease Loan Policy Survey Campaign Subscription".split(
    " ",
  );
const qualifiers = ["", "Purchase", "Sales", "Service", "Rental", "Export", "Import", "Repair", "Event", "Fleet"];

/** The first `count` operations: twenty in each domain. */
export function operations(count: number): readonly Operation[] {
  return Array.from({ length: count }, (_, index) => {
    const domain = domainAt(Math.floor(index / verbs.length));
    const verb = verbs[index % verbs.length] ?? "Get";
    return { domain, verb, name: `${verb}${domain.type}` };
  });
}

/** The domains of the first `count` operations. */
export function domains(count: number): readonly Domain[] {
  return Array.from({ length: Math.ceil(count / verbs.length) }, (_, index) => domainAt(index));
}

function domainAt(index: number): Domain {
  const type = `${qualifiers[Math.floor(index / nouns.length)]}${nouns[index % nouns.length]}`;
  const single = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  return { type, table: `${plural(single)}`, lines: `${single}Lines`, stock: `${single}Balances` };
}

const plural = (word: string) => (/[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`);
