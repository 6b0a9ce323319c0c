import type { Need } from './authorization-model.ts';

/** A rule: what somebody may do, or may not. */
export type Rule = Need | readonly [...need: Need, effect: 'deny'];

/** All rules that are in force, and who is who. */
export interface Policies {
  /** Of `policy.csv`, by subject. */
  general: Readonly<Record<string, readonly Rule[]>>;
  /** Of the roles of projects, by subject `proj:<project>:<role>`. */
  ofProjects: Readonly<Record<string, readonly Rule[]>>;
  /** Roles that `policy.csv` gives to subjects. */
  links: Readonly<Record<string, string>>;
  /** `policy.default`. */
  everyone: string;
}

const escaped = (text: string): string => text.replace(/[.+?^$()|[\]\\]/g, '\\$&');

/** Globs in which `*` also stands for slashes, with alternatives in braces (reference §9.1). */
export function fitsGlob(pattern: string, value: string): boolean {
  const body = pattern
    .split(/(\{[^}]*\})/)
    .map((part) =>
      part.startsWith('{')
        ? `(${part.slice(1, -1).split(',').map(escaped).join('|')})`
        : escaped(part).replaceAll('*', '.*'),
    )
    .join('');
  return new RegExp(`^${body}$`).test(value);
}

const projectOfRole = (subject: string): string | undefined => /^proj:([^:]+):[^:]+$/.exec(subject)?.[1];

function verdict(rules: readonly Rule[], need: Need): boolean {
  const fitting = rules.filter((rule) => need.every((part, index) => fitsGlob(rule[index] ?? '', part)));
  return fitting.length > 0 && !fitting.some((rule) => rule[3] === 'deny');
}

/**
 * Whether the subject may, by the words of reference §9.1: the default role first; a role of a project has nothing in
 * another project; the rules of a project count for its objects only; one rule allows and none denies.
 */
export function allowed(policies: Policies, subject: string, need: Need): boolean {
  const { general, ofProjects, links, everyone } = policies;
  if (verdict(general[everyone] ?? [], need)) return true;
  const [project = ''] = need[2].split('/');
  const home = projectOfRole(subject);
  if (home !== undefined && home !== project) return false;
  const names = [subject, ...(links[subject] ? [links[subject]] : [])];
  const rules = names.flatMap((name) => [
    ...(general[name] ?? []),
    ...(projectOfRole(name) === project ? (ofProjects[name] ?? []) : []),
  ]);
  return verdict(rules, need);
}
