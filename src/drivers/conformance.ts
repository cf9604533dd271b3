import { failures } from "./conformance/failures.js";
import { lostConnections } from "./conformance/lost-connections.js";
import { pooling } from "./conformance/pooling.js";
import { roundTrips } from "./conformance/round-trips.js";
import { type ConformanceRunner, type DriverSubject, subjectUnderTest } from "./conformance/subject.js";
import { underLoad } from "./conformance/under-load.js";
import { values } from "./conformance/values.js";

export type { ConformanceRunner, DriverSubject, OpenDriver, RestartableServer } from "./conformance/subject.js";

/**
 * What every `Driver` must do, as tests of your runner:
 *
 * ```ts
 * import { afterAll, beforeAll, describe, test } from "vitest";
 * import { driverConformance } from "usecasecore/drivers/conformance";
 *
 * driverConformance(
 *   {
 *     name: "my driver",
 *     createDatabase: async () => ({ url: "postgres://…/empty_database", drop: async () => {} }),
 *     open: async (url, connections) => ({ driver: myDriver(url, connections), close: async () => {} }),
 *     overNetwork: true,
 *     pipelines: true,
 *   },
 *   { afterAll, beforeAll, describe, test },
 * );
 * ```
 *
 * It needs a database of its own, as a user who may end other sessions; with `startServer`, which gives a server that may
 * be restarted, it also tries that.
 */
export function driverConformance(subject: DriverSubject, runner: ConformanceRunner): void {
  const { describe, test, beforeAll, afterAll } = runner;
  describe(`${subject.name} conforms`, () => {
    const under = subjectUnderTest(subject);
    beforeAll(under.prepare);
    afterAll(under.cleanUp);

    describe("values and statements", () => values(under, test));
    describe("failures", () => failures(under, test));
    describe("sessions", () => pooling(under, test));
    if (subject.overNetwork) describe("lost connections", () => lostConnections(under, test));
    if (subject.overNetwork) describe("under load", () => underLoad(subject, under, test));
    if (subject.pipelines) describe("round trips", () => roundTrips(under, test));
    test("nothing escaped to the process", () => under.assertNothingEscaped());
  });
}
