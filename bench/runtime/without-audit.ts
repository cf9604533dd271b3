import type { BurstItem, Driver } from "usecasecore";

/**
 * The same action with the audit left out of its write statement: what the audit costs the server. Its parameters still
 * travel, so that nothing else of the statement changes; the client's part of the cost is not seen.
 */
export function withoutAudit(driver: Driver): Driver {
  const texts = new Map<string, string>();
  const strip = (text: string) => {
    const audit = /, w_audit as \(insert into "usecase_audit" \([^)]*\) values \(([^)]*)\) returning 1\)/;
    const [found, values = ""] = audit.exec(text) ?? [];
    if (found === undefined) throw new Error("The write statement has another form; adapt the benchmark.");
    const parameters = [...values.matchAll(/\$\d+/g)].map(([parameter]) => parameter);
    // A parameter that is nowhere else needs a type, which costs nothing to speak of.
    const elsewhere = text.replace(found, "");
    const unused = parameters.filter((parameter) => !new RegExp(`\\${parameter}\\b`).test(elsewhere));
    return `${elsewhere.replace(/case when \(select count\(\*\) from w_audit\)[^,]*,[^,]*end/, "1")}, ${unused.map((parameter) => `${parameter}::text is null`).join(", ")}`;
  };
  const without = ([statement, parameters]: BurstItem): BurstItem => {
    if (!statement.text.includes("w_audit")) return [statement, parameters ?? []];
    const text = texts.get(statement.text) ?? strip(statement.text);
    texts.set(statement.text, text);
    return [{ name: `${statement.name}x`, text }, parameters ?? []];
  };
  return { ...driver, session: (work) => driver.session((session) => work({ burst: (items) => session.burst(items.map(without)) })) };
}
