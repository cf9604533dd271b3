// What generated validators import: the pieces that ajv's standalone code needs, and the join to Standard Schema. ajv
// itself stays a tool of generation.
export { type CompiledValidator, commandSchema } from "./validation/command-schema.js";
export { equal } from "./validation/equal.js";
export { formats } from "./validation/formats.js";
export { ucs2length } from "./validation/ucs2-length.js";
