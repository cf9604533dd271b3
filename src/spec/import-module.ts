/** `import()`, in a file of its own: code that V8 has kept from an earlier run cannot do it (see `cli/require-compiled.ts`). */
export const importModule = (specifier: string): Promise<unknown> => import(specifier);
