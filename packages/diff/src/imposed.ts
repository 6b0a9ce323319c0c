import type { JsonValue, KubeObject } from '@plumbline/manifests';
import type { Found } from './field-differences.ts';
import { deletePaths } from './ignore-rules.ts';
import { valueAt, withValue } from './json-pointer.ts';
import { sameMeaning } from './normal-forms.ts';
import { looksLikeDefault } from './server-defaults.ts';

/** What the server writes into claims below `volumeClaimTemplates`, which its own kinds hold as whole objects. */
const ofClaims = new Set(['kind', 'apiVersion', 'status']);

/**
 * The live object with the fields in question as the target wants them: the best prediction where the server refuses to give
 * one. What may be only its default or another spelling stays as it is, unless there is nothing else in question.
 */
export function imposed(live: KubeObject, suspects: readonly Found[]): KubeObject {
  const sure = suspects.filter((suspect) => !isOfTheServer(live, suspect));
  const chosen = sure.length > 0 ? sure : suspects;
  const set = chosen.reduce((object, found) => (found.target === undefined ? object : withField(object, found)), live);
  const gone = chosen.flatMap(({ path, target }) => (target === undefined ? [path] : []));
  return deletePaths(set, gone);
}

function isOfTheServer(live: KubeObject, { path, target, live: value }: Found): boolean {
  if (sameMeaning(target, value, { strict: true })) return true;
  if (target !== undefined) return false;
  const inClaim = path.includes('volumeClaimTemplates') && ofClaims.has(path.at(-1) ?? '');
  return inClaim || looksLikeDefault(live, path, value);
}

function withField(object: KubeObject, { path, target }: Found): KubeObject {
  const list = path.at(-1)?.startsWith('[') ? path.slice(0, -1) : undefined;
  if (!list) return withValue(object, path, target);
  const entries = valueAt(object, list);
  return withValue(object, list, [...(Array.isArray(entries) ? entries : []), target as JsonValue]);
}
