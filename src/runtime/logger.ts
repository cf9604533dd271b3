import type { Logger } from "./ports.js";
import type { Call } from "./validate.js";

/** What a core without a logger has. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** The core's logger, with what tells this call's lines from others'. Secrets are the handler's to keep out. */
export function boundLogger({ runtime: { logger }, useCase: { definition }, context }: Call): Logger {
  const { actor, correlationId, requestId } = context;
  const bound = { useCase: definition.name, actor: { type: actor.type, id: actor.id }, correlationId, requestId };
  return {
    debug: (message, fields) => logger.debug(message, { ...bound, ...fields }),
    info: (message, fields) => logger.info(message, { ...bound, ...fields }),
    warn: (message, fields) => logger.warn(message, { ...bound, ...fields }),
    error: (message, fields) => logger.error(message, { ...bound, ...fields }),
  };
}
