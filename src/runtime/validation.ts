import type { StandardSchemaV1 } from "./standard-schema.js";

// What generated validators import; `commandSchema` joins one to the Standard Schema interface.

/** A validator as `ajv` compiles it to standalone code. */
export interface CompiledValidator {
  (data: unknown): boolean;
  errors?:
    | readonly {
        readonly instancePath: string;
        readonly keyword: string;
        readonly message?: string;
        readonly params: Readonly<Record<string, unknown>>;
      }[]
    | null;
}

export declare function commandSchema<Input, Output>(validate: CompiledValidator): StandardSchemaV1<Input, Output>;
