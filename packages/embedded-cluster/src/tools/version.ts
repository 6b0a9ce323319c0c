/** The three numbers of a version. */
export interface Version {
  major: number;
  minor: number;
  patch: number;
}

/** The first `x.y` or `x.y.z` in a text, with or without a leading `v`. */
export function versionIn(text: string): Version | undefined {
  const match = /(?<![\d.])v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  if (!match) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) };
}

/** Negative, zero or positive, as for sorting. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}
