import { PlumblineError } from '@plumbline/errors';
import { isRecord } from '@plumbline/manifests';

type Members = Record<string, unknown>;

/** What members hold: nothing that is followed, or an object, or a list of objects, with these members. */
export interface Fields {
  readonly [name: string]: Fields | null;
}

/** Members of which nothing inside is followed. */
export function fieldsNamed(...names: string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, null]));
}

/** Go compares names without regard to case; two letters beyond ASCII count as `s` and `k`. */
function fold(name: string): string {
  return name.replaceAll('\u017F', 's').replaceAll('\u212A', 'k').toLowerCase();
}

function spell(value: unknown, fields: Fields, place: string): unknown {
  if (Array.isArray(value)) return value.map((item) => (isRecord(item) ? spell(item, fields, place) : item));
  return isRecord(value) ? spellFields(value, fields, place) : value;
}

/**
 * A mapping with its fields named as they are documented: tools written in Go read `Resources` or `FILES` too. Throws
 * `RENDER_FAILED`, beginning with the place, where one field is there twice, in two spellings: what a tool makes of both is
 * not known.
 */
export function spellFields(value: Members, fields: Fields, place: string): Members {
  const spelled = new Map(Object.keys(fields).map((name) => [fold(name), name]));
  const seen = new Map<string, string>();
  const members = Object.entries(value).map(([key, member]): [string, unknown] => {
    const name = spelled.get(fold(key)) ?? key;
    const before = seen.get(name);
    if (before !== undefined) {
      throw new PlumblineError('RENDER_FAILED', `${place}: ${before} and ${key} are one field`, {
        hint: 'names are read without regard to case: keep one of them',
      });
    }
    seen.set(name, key);
    const inner = Object.hasOwn(fields, name) ? fields[name] : null;
    return [name, inner ? spell(member, inner, place) : member];
  });
  return Object.fromEntries(members);
}
