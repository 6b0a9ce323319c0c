import type { GroupKind } from '@plumbline/manifests';
import { type HealthRule, ruleFor } from './rules.ts';

/** Of two versions of the rules: whether a kind is judged by another rule than before. */
export function changedKinds(
  before: readonly HealthRule[],
  after: readonly HealthRule[],
): (kind: GroupKind) => boolean {
  const judgesOf = (rules: readonly HealthRule[], kind: GroupKind) =>
    (['cel', 'lua'] as const).map((language) => {
      const rule = ruleFor(
        rules.filter((entry) => entry.language === language),
        kind,
      );
      return rule && { ...rule, pattern: undefined };
    });
  return (kind) => JSON.stringify(judgesOf(before, kind)) !== JSON.stringify(judgesOf(after, kind));
}
