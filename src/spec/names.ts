// The only case conversion: files, types, tables and messages get their names here, so that a clash after conversion
// can be found in one place.

/** `inventoryBalances`, `InventoryBalances`, `inventory_balances` and `inventory-balances` are the same two words. */
export function words(name: string): string[] {
  return name.match(/[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+/g) ?? [];
}

/** `MoveInventory` → `move-inventory`: names of files and folders, the default audit action. */
export function kebabCase(name: string): string {
  return words(name).join("-").toLowerCase();
}

/** `MoveInventory` → `moveInventory`. */
export function camelCase(name: string): string {
  const [first = "", ...rest] = words(name);
  return first.toLowerCase() + rest.map(capitalised).join("");
}

/** `inventoryBalances` → `InventoryBalances`: names of types. */
export function pascalCase(name: string): string {
  return words(name).map(capitalised).join("");
}

/** `BalanceNotFound` → `Balance not found.`: the message of an error that declares none. Acronyms stay as they are. */
export function sentence(name: string): string {
  const text = words(name)
    .map((word) => (isAcronym(word) ? word : word.toLowerCase()))
    .join(" ");
  return `${capitalised(text)}.`;
}

/**
 * The name of a table's row type: `rows` of the configuration first, else the singular by three suffixes
 * (`ies`; `es` after a hiss; `s`), else the table's name with `Row`.
 */
export function rowTypeName(table: string, rows: Readonly<Record<string, string>> = {}): string {
  const given = Object.hasOwn(rows, table) ? rows[table] : undefined;
  if (given !== undefined) return given;
  const singular = singularOf(table);
  return singular === undefined ? `${pascalCase(table)}Row` : pascalCase(singular);
}

/** `categories` → `category`, `boxes` → `box`, `orders` → `order`; undefined where no suffix rule applies. */
export function singularOf(plural: string): string | undefined {
  if (/[^aeiou]ies$/i.test(plural)) return `${plural.slice(0, -3)}y`;
  // `es` goes after a hiss: classes, boxes, branches, dishes, statuses, aliases; but warehouses and purchases end in `e`.
  if (/(ss|x|zz|ch|sh|[^aeo]us|ias)es$/i.test(plural)) return plural.slice(0, -2);
  if (/[^sui]s$/i.test(plural)) return plural.slice(0, -1);
  return undefined;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function isAcronym(word: string): boolean {
  return /^[A-Z]{2,}[0-9]*$/.test(word);
}
