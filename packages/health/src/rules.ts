import type { GroupKind } from '@plumbline/manifests';
import type { CelCase } from './cel/cel-check.ts';

/** A health check that users wrote in argocd-cm (reference §5, §10.1). */
export type HealthRule = RuleTarget &
  ({ language: 'lua'; script: string; openLibraries: boolean } | { language: 'cel'; cases: readonly CelCase[] });

/** What a rule is for and where it stands. */
export interface RuleTarget {
  /**
   * `<group>/<Kind>`, or `<Kind>` of the core group. `*` stands for any text, `/` included, and `?` for one character.
   */
  pattern: string;
  /** The key of argocd-cm, for messages. */
  key: string;
}

/** The rule for a kind: one that names it comes before patterns, within those the first. */
export function ruleFor<T extends RuleTarget>(rules: readonly T[], kind: GroupKind): T | undefined {
  const name = kindName(kind);
  return rules.find(({ pattern }) => pattern === name) ?? rules.find(({ pattern }) => covers(pattern, name));
}

/** `<group>/<Kind>`, or `<Kind>` of the core group, as keys of argocd-cm have it. */
export function kindName({ group, kind }: GroupKind): string {
  return group ? `${group}/${kind}` : kind;
}

/** Whether a pattern with `*` and `?` covers the whole name. */
export function covers(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}
