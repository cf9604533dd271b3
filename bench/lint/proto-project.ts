import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kebabCase } from "../../src/spec/names.js";
import { type Domain, domains, type Operation, operations } from "./domains.js";

/** Writes protos with `count` rpcs, a service per domain. Their shared messages are in one package: protos know no import rings. */
export function writeProtoProject(folder: string, count: number): void {
  const inside = join(folder, "shop/v1");
  mkdirSync(inside, { recursive: true });
  writeFileSync(join(folder, "buf.yaml"), "version: v2\nlint:\n  use: [STANDARD]\n");
  const all = domains(count);
  const shared = all.map(({ type }, index) => sharedMessages(type, (all[(index + 1) % all.length] ?? { type }).type));
  writeFileSync(join(inside, "shared.proto"), `${head}import "google/protobuf/timestamp.proto";\n${shared.join("")}`);
  const ofDomain = grouped(operations(count));
  for (const domain of all) {
    const name = kebabCase(domain.type).replaceAll("-", "_");
    writeFileSync(join(inside, `${name}_service.proto`), service(domain, ofDomain.get(domain.type) ?? []));
  }
}

const head = 'syntax = "proto3";\n\npackage shop.v1;\n\n';

function grouped(list: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const operation of list) groups.set(operation.domain.type, [...(groups.get(operation.domain.type) ?? []), operation]);
  return groups;
}

function sharedMessages(type: string, next: string): string {
  return `
// A line as the caller gives it.
message ${type}LineInput {
  string sku = 1;
  int32 quantity = 2;
  string price = 3;
  ${next}Reference related = 4;
}

// Names a document.
message ${type}Reference {
  string id = 1;
  string number = 2;
  ${next}Reference next = 3;
  google.protobuf.Timestamp created_at = 4;
}
`;
}

function service({ type }: Domain, list: readonly Operation[]): string {
  const rpcs = list.map(({ name }) => `  // Does ${name} as the caller asks.\n  rpc ${name}(${name}Request) returns (${name}Response);\n`);
  const messages = list.map(
    ({ name }) => `
// What ${name} wants.
message ${name}Request {
  string id = 1;
  string note = 2;
  google.protobuf.Timestamp due_at = 3;
  repeated ${type}LineInput lines = 4;
}

// What ${name} gives.
message ${name}Response {
  string number = 1;
  google.protobuf.Timestamp changed_at = 2;
  ${type}Reference document = 3;
}
`,
  );
  return `${head}import "google/protobuf/timestamp.proto";\nimport "shop/v1/shared.proto";\n
// Everything about ${type}.
service ${type}Service {
${rpcs.join("")}}
${messages.join("")}`;
}
