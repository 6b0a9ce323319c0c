import semver from 'semver';

const version = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const comparator =
  /^(!=|>=|=>|<=|=<|>|<|=|~>|~|\^)?\s*v?([0-9xX*]+(?:\.[0-9xX*]+){0,2}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$/;

/** The version a tag states: `v1.2.3`, `1.2`, `2024.01.15`. Undefined when it states none. */
export function tagVersion(tag: string): semver.SemVer | undefined {
  const match = version.exec(tag);
  if (!match) return undefined;
  const [, major, minor = '0', patch = '0', prerelease = '', build = ''] = match;
  const text = `${Number(major)}.${Number(minor)}.${Number(patch)}${prerelease}${build}`;
  return semver.parse(text, { loose: true }) ?? undefined;
}

interface Group {
  range: semver.Range;
  excluded: semver.Range[];
}

/** Both prefixes and the operators `=>`, `=<`, `!=` are written by users of Go's Masterminds/semver. */
function parseGroup(text: string): Group | undefined {
  const spaced = text
    .replace(/,/g, ' ')
    .replace(/(!=|>=|=>|<=|=<|>|<|=|~>|~|\^)\s+/g, '$1')
    .trim();
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(spaced);
  const tokens = hyphen ? [`>=${hyphen[1]}`, `<=${hyphen[2]}`] : spaced.split(/\s+/);
  const included: string[] = [];
  const excluded: string[] = [];
  for (const token of tokens) {
    const match = comparator.exec(token);
    if (!match) return undefined;
    const [, operator = '', operand = ''] = match;
    const flipped = operator === '=>' ? '>=' : operator === '=<' ? '<=' : operator;
    if (operator === '!=') excluded.push(operand);
    else included.push(`${flipped}${operand}`);
  }
  const includePrerelease = /\d-[0-9A-Za-z]/.test(tokens.join(' '));
  try {
    return {
      range: new semver.Range(included.join(' ') || '*', { includePrerelease, loose: true }),
      excluded: excluded.map((operand) => new semver.Range(operand, { includePrerelease, loose: true })),
    };
  } catch {
    return undefined;
  }
}

/**
 * Parses a semver constraint (`1.x`, `^1.2`, `>=1, <2`, `1.0 - 1.4`, `!=1.3.0`, `a || b`). Undefined when the text is no constraint;
 * a plain version (`v1.2.3`, `1.2`) is a name, not a constraint (reference §7.9). Prereleases match only where the constraint has one.
 */
export function parseConstraint(text: string): ((candidate: semver.SemVer) => boolean) | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || tagVersion(trimmed)) return undefined;
  const groups: Group[] = [];
  for (const part of trimmed.split('||')) {
    const group = parseGroup(part);
    if (!group) return undefined;
    groups.push(group);
  }
  return (candidate) =>
    groups.some(({ range, excluded }) => range.test(candidate) && !excluded.some((not) => not.test(candidate)));
}

/** The tag with the highest version that the constraint allows. With a prefix only tags with it count, compared without it. */
export function highestTag(
  tags: Iterable<string>,
  allows: (candidate: semver.SemVer) => boolean,
  prefix = '',
): string | undefined {
  let best: { tag: string; version: semver.SemVer } | undefined;
  for (const tag of tags) {
    if (!tag.startsWith(prefix)) continue;
    const candidate = tagVersion(tag.slice(prefix.length));
    if (!candidate || !allows(candidate)) continue;
    if (!best || semver.gt(candidate, best.version)) best = { tag, version: candidate };
  }
  return best?.tag;
}
