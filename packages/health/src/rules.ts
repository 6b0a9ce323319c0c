import type { GroupKind } from '@plumbline/manifests';
import type { CelCase } from './cel/cel-check.ts';

/** A health check that users wrote in argocd-cm (reference §5, §10.1). */
export type HealthRule = RuleTarget &
  ({ language: 'lua'; script: string; openLibraries: boolean } | { language: 'cel'; cases: readonly CelCase[] });

/** Actions that users wrote in argocd-cm for a kind (reference §5 "Actions"). */
export interface ActionRule extends RuleTarget {
  /** Lua that says which actions an object offers. */
  discovery: string;
  definitions: readonly ActionDefinition[];
  /** Whether the built-in actions of the kind stay. */
  mergeBuiltIn: boolean;
  openLibraries: boolean;
}

/** The Lua of one action; of several with one name the first counts. */
export interface ActionDefinition {
  name: string;
  script: string;
}

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
function covers(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}
