// Names that a spec must not give, by what they would break.

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Cannot be a variable in generated code, which has every load as one. */
export const javascriptWords = words(`
  arguments async await break case catch class const continue debugger default delete do else enum eval export extends
  false finally for function if implements import in instanceof interface let new null of package private protected
  public return static super switch this throw true try typeof undefined var void while with yield globalThis NaN Infinity`);

/** Every object has these already. */
export const objectMembers = words(`
  __proto__ constructor prototype hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf
  __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__`);

/** Words of CEL that cannot even follow a dot. */
export const celKeywords = words("true false null in");

/** What else CEL keeps for itself: as a name on its own, these are not a load. */
export const celNames = words(`
  as break const continue else for function if import let loop package namespace return var void while
  bool bytes double dyn duration int list map null_type string timestamp type uint google
  all exists exists_one filter has size decimal sum isUnique startOfDay matches`);

/** What expressions have in scope besides loads. */
export const scopeNames = words("command actor prepare now result payload event state");

/** Types that generated code uses by name: one of a spec's own would hide them. */
export const typeNames = words(`
  Array Boolean BigInt Buffer Date Error Exclude Extract Function Iterable Map NonNullable Number Object Omit Partial Pick
  Promise Readonly ReadonlyArray ReadonlyMap ReadonlySet Record RegExp Required Set String Symbol Uint8Array Unknown`);

/** No file can be called so on Windows, whatever its extension. */
export function isDeviceName(fileName: string): boolean {
  return /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/i.test(fileName);
}
