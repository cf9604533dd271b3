const units = [
  { name: "d", seconds: 86_400, from: 172_800 },
  { name: "h", seconds: 3_600, from: 3_600 },
  { name: "m", seconds: 60, from: 60 },
];

/** Seconds as specs write them, in the largest unit that leaves nothing over: `24h`, `30d`, `90s`. */
export function durationText(seconds: number): string {
  const unit = units.find((each) => seconds >= each.from && seconds % each.seconds === 0);
  return unit === undefined ? `${seconds}s` : `${seconds / unit.seconds}${unit.name}`;
}
