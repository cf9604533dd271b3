import type { Emitter } from "../emitter.js";
import { handlerEmitter } from "./handler.js";
import { indexEmitter } from "./index.js";
import { repositoryEmitter } from "./repository.js";
import { testEmitter } from "./test.js";
import { typesEmitter } from "./types.js";
import { useCaseEmitter } from "./use-case.js";
import { validatorEmitter } from "./validator.js";

/** Every emitter, by name. */
export const emitters: readonly Emitter[] = [
  handlerEmitter,
  indexEmitter,
  repositoryEmitter,
  testEmitter,
  typesEmitter,
  useCaseEmitter,
  validatorEmitter,
];
