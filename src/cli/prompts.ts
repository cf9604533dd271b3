/** One of the answers that a question offers. */
export interface Choice {
  readonly value: string;
  readonly label?: string;
  readonly hint?: string;
}

/**
 * Questions on a terminal; only asked where standard input and standard error are one.
 * @throws ToolError (exit code 2) when the person cancels: commands ask before they write anything
 */
export interface Prompts {
  /** `validate` says what is wrong with an answer. An empty answer is the placeholder's meaning: none, unless `validate` refuses it. */
  text(question: {
    readonly message: string;
    readonly placeholder?: string;
    validate?(value: string): string | undefined;
  }): Promise<string>;
  select(question: { readonly message: string; readonly options: readonly Choice[] }): Promise<string>;
  multiselect(question: { readonly message: string; readonly options: readonly Choice[] }): Promise<readonly string[]>;
  confirm(question: { readonly message: string }): Promise<boolean>;
}
