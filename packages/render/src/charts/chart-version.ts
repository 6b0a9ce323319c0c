import { PlumblineError } from '@plumbline/errors';
import { parseConstraint } from '@plumbline/git';
import semver from 'semver';

const partial = /^v?\d+(\.\d+)?$/;

function matcher(wanted: string): ((version: semver.SemVer) => boolean) | undefined {
  const exact = semver.parse(wanted, { loose: true });
  if (exact) return (version) => version.compare(exact) === 0;
  if (partial.test(wanted)) {
    const range = new semver.Range(wanted);
    return (version) => range.test(version);
  }
  return parseConstraint(wanted);
}

/** Whether the text names one version, not a range of them. */
export function isExactVersion(text: string): boolean {
  return semver.parse(text.trim(), { loose: true }) !== null;
}

/** Whether the text is a constraint, for which a version has to be looked up. */
export function isRange(text: string): boolean {
  return !isExactVersion(text) && matcher(text.trim()) !== undefined;
}

/** Whether a version is one that the constraint allows. */
export function allowsVersion(constraint: string, version: string): boolean {
  return selectVersion([version], constraint) !== undefined;
}

/**
 * The version that is wanted: the one with exactly this text, else the highest that the constraint allows, prereleases
 * only where the constraint has one (reference §1.2). Undefined where there is none.
 */
export function selectVersion(versions: readonly string[], wanted: string): string | undefined {
  const text = wanted.trim();
  if (versions.includes(text)) return text;
  const allows = matcher(text);
  if (!allows) return undefined;
  let best: { text: string; version: semver.SemVer } | undefined;
  for (const candidate of versions) {
    const version = semver.parse(candidate) ?? semver.parse(candidate, { loose: true });
    if (!version || !allows(version)) continue;
    if (!best || semver.compareBuild(version, best.version) > 0) best = { text: candidate, version };
  }
  return best?.text;
}

/** The error for a version that is not there; it names some that are. */
export function versionNotFound(name: string, wanted: string, versions: readonly string[]): PlumblineError {
  const newest = semver.rsort(
    versions.filter((version) => semver.valid(version, { loose: true }) !== null),
    { loose: true },
  );
  const some = (newest.length > 0 ? newest : versions).slice(0, 5).join(', ');
  return new PlumblineError('CHART_VERSION_NOT_FOUND', `${name} has no version ${wanted}`, {
    hint: some ? `it has ${some}${versions.length > 5 ? ' and others' : ''}` : 'it has no versions at all',
    details: { wanted },
  });
}
