import assert from "node:assert/strict";
import type { Session } from "../../runtime/ports.js";
import { type DefineTest, run, type SubjectUnderTest } from "./subject.js";

export function pooling({ use }: SubjectUnderTest, test: DefineTest): void {
  test("more sessions than connections: all are served, no two at once on one connection", () =>
    use(
      async (driver) => {
        let running = 0;
        let most = 0;
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            driver.session(async (session) => {
              most = Math.max(most, ++running);
              await session.burst([[{ text: "begin" }]]);
              const rows = await run(session, "select set_config('conformance.own', $1, true)", [String(index)]);
              const again = await run(session, "select current_setting('conformance.own')", []);
              await session.burst([[{ text: "commit" }]]);
              running--;
              return [rows[0]?.[0], again[0]?.[0]];
            }),
          ),
        );
        assert.deepEqual(
          answers,
          Array.from({ length: 20 }, (_, index) => [String(index), String(index)]),
        );
        assert.ok(most <= 3, `${most} sessions at once over 3 connections`);
      },
      { connections: 3 },
    ));

  test("failing sessions give their place back", () =>
    use(
      async (driver) => {
        const failing = Array.from({ length: 10 }, () => driver.session((session) => session.burst([[{ text: "select 1 / 0" }]])));
        const outcomes = await Promise.allSettled(failing);
        assert.ok(outcomes.every(({ status }) => status === "rejected"));
        assert.deepEqual(await driver.session((session) => run(session, "select 'served'")), [["served"]]);
      },
      { connections: 1 },
    ));

  test("a burst that nobody waits for does not answer the next session", () =>
    use(
      async (driver) => {
        for (let round = 0; round < 5; round++) {
          await driver.session(async (session) => {
            void session.burst([[{ name: "left", text: "select 'left behind'" }]]);
          });
          assert.deepEqual(await driver.session((session) => run(session, "select 'own'")), [["own"]]);
        }
      },
      { connections: 1 },
    ));

  test("a session that has ended refuses", () =>
    use(async (driver) => {
      let kept: Session | undefined;
      await driver.session(async (session) => {
        kept = session;
      });
      await assert.rejects(async () => kept?.burst([[{ text: "select 1" }]]), /session has ended/);
    }));
}
