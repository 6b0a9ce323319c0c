import { apiFailure } from '../http/api-failure.ts';

type Labels = Record<string, string>;
type Requirement = (labels: Labels) => boolean;

const setBased = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const equality = /^([^\s=!]+)\s*(==|=|!=)\s*(\S*)$/;
const existence = /^(!?)\s*([^\s=!(),]+)$/;

/** Splits at the commas that stand outside parentheses. */
function requirementsOf(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function requirement(text: string): Requirement {
  const [, setKey = '', operator, values] = setBased.exec(text) ?? [];
  if (operator !== undefined && values !== undefined) {
    const wanted = new Set(values.split(',').map((value) => value.trim()));
    return operator === 'in'
      ? (labels) => Object.hasOwn(labels, setKey) && wanted.has(labels[setKey] ?? '')
      : (labels) => !Object.hasOwn(labels, setKey) || !wanted.has(labels[setKey] ?? '');
  }
  const [, key = '', sign, value] = equality.exec(text) ?? [];
  if (sign !== undefined) {
    const equal: Requirement = (labels) => Object.hasOwn(labels, key) && labels[key] === value;
    return sign === '!=' ? (labels) => !equal(labels) : equal;
  }
  const [, not, name] = existence.exec(text) ?? [];
  if (name === undefined) throw apiFailure('InvalidArgument', `selector: cannot read "${text}"`);
  return not ? (labels) => !Object.hasOwn(labels, name) : (labels) => Object.hasOwn(labels, name);
}

/**
 * A Kubernetes label selector as a predicate: `a=b, c!=d, e in (f, g), h notin (i), j, !k`. All requirements must hold.
 * @throws InvalidArgument for a text that is none.
 */
export function labelSelector(selector: string): (labels: Labels | null | undefined) => boolean {
  const requirements = requirementsOf(selector).map(requirement);
  return (labels) => requirements.every((holds) => holds(labels ?? {}));
}
