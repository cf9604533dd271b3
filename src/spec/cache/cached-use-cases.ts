import type { Problem } from "../finding.js";
import type { UseCase } from "../model.js";

/** The models of the use cases whose files have nothing wrong with them. */
export interface CachedUseCases {
  /** Names the configuration and the shared files: what a use case names is put into its model. */
  readonly key: string;
  readonly files: Readonly<Record<string, CachedUseCase>>;
}

export interface CachedUseCase {
  /** Of the file. */
  readonly hash: string;
  readonly useCase: UseCase;
  /** What is wrong with its names and types, as far as no other use case has a part in it. */
  readonly problems: readonly Problem[];
}
