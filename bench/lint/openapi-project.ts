import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kebabCase } from "../../src/spec/names.js";
import { domains, type Operation, operations } from "./domains.js";

/** Writes an OpenAPI document with `count` operations and, for both linters of such documents, the rules they recommend. */
export function writeOpenApiProject(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true });
  const all = domains(count);
  const schemas = all.map(({ type }, index) => componentSchemas(type, (all[(index + 1) % all.length] ?? { type }).type));
  writeFileSync(
    join(folder, "openapi.yaml"),
    `${head}tags:\n${all.map(({ table }) => `  - { name: ${table}, description: All about ${table}. }\n`).join("")}paths:\n${operations(count).map(path).join("")}${components}${schemas.join("")}`,
  );
  writeFileSync(join(folder, "redocly.yaml"), "extends:\n  - recommended\n");
  writeFileSync(join(folder, ".spectral.yaml"), 'extends: ["spectral:oas"]\n');
}

const head = `\
openapi: 3.1.0
info:
  title: Shop
  version: 1.0.0
  description: What the shop does.
  license: { name: MIT, url: https://opensource.org/license/mit }
  contact: { name: Shop, url: https://shop.example.com }
servers:
  - url: https://shop.example.com
security:
  - token: []
`;

function path({ name, domain: { type, table } }: Operation): string {
  return `\
  /${kebabCase(table)}/${kebabCase(name)}:
    post:
      operationId: ${name}
      summary: ${name}
      description: Does ${name} as the caller asks.
      tags: [${table}]
      parameters:
        - { name: Idempotency-Key, in: header, required: true, description: The caller's key., schema: { type: string, maxLength: 64 } }
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              additionalProperties: false
              required: [id, note, lines]
              properties:
                id: { type: string, format: uuid }
                note: { type: string, minLength: 1, maxLength: 500 }
                dueAt: { type: string, format: date-time }
                lines: { type: array, minItems: 1, maxItems: 200, items: { $ref: "#/components/schemas/${type}LineInput" } }
      responses:
        "200":
          description: It is done.
          content:
            application/json:
              schema:
                type: object
                required: [number, changedAt]
                properties:
                  number: { type: string }
                  changedAt: { type: string, format: date-time }
                  document: { $ref: "#/components/schemas/${type}Reference" }
        "404": { $ref: "#/components/responses/NotFound" }
        "409": { $ref: "#/components/responses/Conflict" }
        "422": { $ref: "#/components/responses/Conflict" }
`;
}

const components = `\
components:
  securitySchemes:
    token: { type: http, scheme: bearer }
  responses:
    NotFound:
      description: There is no such document.
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    Conflict:
      description: It cannot be done now.
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
  schemas:
    Problem:
      type: object
      required: [type, title, status]
      properties:
        type: { type: string, format: uri }
        title: { type: string }
        status: { type: integer }
        detail: { type: string }
`;

function componentSchemas(type: string, next: string): string {
  return `\
    ${type}LineInput:
      type: object
      required: [sku, quantity, price]
      properties:
        sku: { type: string, minLength: 1, maxLength: 64, pattern: "^[A-Z0-9-]+$" }
        quantity: { type: integer, minimum: 1, maximum: 10000 }
        price: { type: string }
        related: { $ref: "#/components/schemas/${next}Reference" }
    ${type}Reference:
      type: object
      required: [id, number]
      properties:
        id: { type: string, format: uuid }
        number: { type: string, minLength: 1, maxLength: 32 }
        next: { $ref: "#/components/schemas/${next}Reference" }
`;
}
