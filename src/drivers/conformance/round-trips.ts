import assert from "node:assert/strict";
import type { BurstItem } from "../../runtime/ports.js";
import { begin, commit, type DefineTest, named, type SubjectUnderTest } from "./subject.js";
import { startTcpProxy } from "./tcp-proxy.js";

export function roundTrips({ use, url }: SubjectUnderTest, test: DefineTest): void {
  test("a burst of known statements is one round trip, also when one of them fails", async () => {
    const proxy = await startTcpProxy(url());
    try {
      await use(
        async (driver) => {
          const items: readonly BurstItem[] = [
            [begin],
            [named("select $1::text, 'first'"), ["a"]],
            [named("select 100 / $1::integer"), ["1"]],
            [named("select 'last'"), []],
            [commit],
          ];
          const divide = items[2]?.[0] ?? begin;
          await driver.session(async (session) => {
            await session.burst(items);
            const before = proxy.turns();
            await session.burst(items);
            assert.equal(proxy.turns() - before, 1);
            await assert.rejects(session.burst(items.toSpliced(2, 1, [divide, ["0"]])));
            assert.equal(proxy.turns() - before, 2);
          });
        },
        { connections: 1, url: proxy.url },
      );
    } finally {
      await proxy.close();
    }
  });

  test("giving back a connection without a transaction costs no round trip", async () => {
    const proxy = await startTcpProxy(url());
    try {
      await use(
        async (driver) => {
          const statement = named("select $1::text, 'by itself'");
          await driver.session((session) => session.burst([[statement, ["warm"]]]));
          const before = proxy.turns();
          for (const word of ["one", "two", "three"]) await driver.session((session) => session.burst([[statement, [word]]]));
          await driver.session((session) => session.burst([[begin], [statement, ["four"]], [commit]]));
          assert.equal(proxy.turns() - before, 4);
        },
        { connections: 1, url: proxy.url },
      );
    } finally {
      await proxy.close();
    }
  });
}
