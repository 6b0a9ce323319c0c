import { PolicyError } from './policy-error.ts';

/** A rule `p`: who may, or may not, do what with what. */
export interface PolicyLine {
  subject: string;
  resource: string;
  action: string;
  object: string;
  effect: 'allow' | 'deny';
}

/** A link `g`: the member has all rights of the role. */
export interface RoleLink {
  member: string;
  role: string;
}

/** Rules and role links, in the order of their files. */
export interface Policy {
  lines: readonly PolicyLine[];
  links: readonly RoleLink[];
}

/** A policy that says nothing. */
export const emptyPolicy: Policy = { lines: [], links: [] };

/** Several policies as one. */
export function joinPolicies(policies: readonly Policy[]): Policy {
  return { lines: policies.flatMap(({ lines }) => lines), links: policies.flatMap(({ links }) => links) };
}

/** The fields of a line of CSV: separated by commas, trimmed; a field in double quotes may hold commas. */
function fieldsOf(text: string): string[] {
  const fields = text.match(/\s*(?:"(?:[^"]|"")*"|[^,]*)\s*(?:,|$)/g) ?? [];
  // The expression also matches the empty text at the end.
  const whole = text.trimEnd().endsWith(',') ? fields : fields.slice(0, -1);
  return whole.map((field) => {
    const bare = field.replace(/,$/, '').trim();
    return bare.startsWith('"') && bare.endsWith('"') ? bare.slice(1, -1).replaceAll('""', '"') : bare;
  });
}

/** One line: a rule, a link, or why it is neither. Undefined for an empty line and a comment. */
export function parsePolicyLine(text: string): { line: PolicyLine } | { link: RoleLink } | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  const [kind = '', ...fields] = fieldsOf(trimmed);
  if (fields.some((field) => field === '')) throw new PolicyError(`empty field in "${trimmed}"`);
  const [first = '', second = '', third = '', fourth = '', effect = ''] = fields;
  if (kind === 'g') {
    if (fields.length !== 2) throw new PolicyError(`expected "g, member, role", found "${trimmed}"`);
    return { link: { member: first, role: second } };
  }
  if (kind !== 'p') throw new PolicyError(`expected p or g at the beginning, found "${trimmed}"`);
  if (fields.length !== 5) {
    throw new PolicyError(`expected "p, subject, resource, action, object, effect", found "${trimmed}"`);
  }
  if (effect !== 'allow' && effect !== 'deny') {
    throw new PolicyError(`the effect must be allow or deny, found "${effect}"`);
  }
  return { line: { subject: first, resource: second, action: third, object: fourth, effect } };
}

/**
 * Reads a policy file (reference §9.1).
 * @throws PolicyError with the number of the first line that cannot be read.
 */
export function parsePolicy(text: string): Policy {
  const lines: PolicyLine[] = [];
  const links: RoleLink[] = [];
  for (const [index, row] of text.split('\n').entries()) {
    try {
      const parsed = parsePolicyLine(row);
      if (parsed && 'line' in parsed) lines.push(parsed.line);
      else if (parsed) links.push(parsed.link);
    } catch (error) {
      throw error instanceof PolicyError ? new PolicyError(error.message, index + 1) : error;
    }
  }
  return { lines, links };
}
