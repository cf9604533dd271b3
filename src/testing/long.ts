/** Whether tests that have a long form take it: `npm run test:long`. */
export const long = process.env["LONG"] === "1";
