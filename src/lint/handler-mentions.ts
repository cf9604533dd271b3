/** Whether a handler gives `command` or `writes` as a whole to somebody else, who may do anything with it. */
export function passesOn(name: "command" | "writes", source: string | undefined): boolean {
  if (source === undefined) return false;
  // Where `apply` takes it apart, and in what `apply` and the checks are given, the name stands alone once each.
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  const taken = [...code.matchAll(/\(\s*\{([^()]*)\}\s*\)\s*(?::[^{=]*)?(?:=>|\{)/g)].filter(([, names]) =>
    new RegExp(`\\b${name}\\b`).test(names ?? ""),
  ).length;
  const alone = [...code.matchAll(new RegExp(`\\b${name}\\b(?!\\s*[.?[])`, "g"))].length;
  return alone > taken;
}
