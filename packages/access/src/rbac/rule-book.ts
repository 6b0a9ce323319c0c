import { Enforcer, newModelFromString } from 'casbin';
import { RE2JS } from 're2js';
import { globMatch, isGlob } from '../glob.ts';
import { joinPolicies, type Policy, type PolicyLine } from './policy.ts';

/** How resources, actions and objects of rules are read. */
export type MatchMode = 'glob' | 'regex';

/** A rule with the way its patterns are read. */
interface Rule extends PolicyLine {
  /** How its patterns are read. One that forbids and cannot be read forbids everything. */
  mode: MatchMode | 'denying glob' | 'denying regex';
}

/** Who asks for what. */
interface AccessRequest {
  subject: string;
  resource: string;
  action: string;
  object: string;
}

/** Argo CD's model (reference §9.1). Who a rule is for, and what about, is settled before, see {@link RuleBook}. */
const model = `
[request_definition]
r = sub, res, act, obj
[policy_definition]
p = sub, res, act, obj, eft, mode
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = holds(r.sub, p.sub) && fits(r.res, p.res, p.mode) && fits(r.act, p.act, p.mode) && fits(r.obj, p.obj, p.mode)
`;

const expressions = new Map<string, RE2JS | undefined>();
const maxExpressions = 5000;

/** RE2, the expressions of Go: the time they take is bounded whoever wrote them. */
function expressionOf(pattern: string): RE2JS | undefined {
  if (expressions.has(pattern)) return expressions.get(pattern);
  let expression: RE2JS | undefined;
  try {
    expression = RE2JS.compile(pattern);
  } catch {
    expression = undefined; // Nothing is allowed by an error, and nothing that is forbidden either.
  }
  if (expressions.size >= maxExpressions) expressions.clear();
  expressions.set(pattern, expression);
  return expression;
}

function fits(value: string, pattern: string, mode: string): boolean {
  const denies = mode.startsWith('denying');
  if (mode.endsWith('regex')) return expressionOf(pattern)?.test(value) ?? denies;
  return globMatch(pattern, value) || (denies && !isGlob(pattern));
}

/** The rules for a subject, resource and action, and what was answered by them. */
interface Concern {
  rules: readonly Rule[];
  enforcer: Enforcer;
  answers: Map<string, boolean>;
}

const maxKept = 2000;
const maxAnswers = 50_000;

/**
 * Rules and role links that are in force together, asked by one name at a time. The rules that concern a subject, resource
 * and action are kept, so that a list of thousands of objects looks at a few rules for each.
 */
export class RuleBook {
  readonly #rules: readonly Rule[];
  readonly #roles = new Map<string, string[]>();
  readonly #closures = new Map<string, ReadonlySet<string>>();
  readonly #concerns = new Map<string, Concern>();
  #answers = 0;

  constructor(parts: readonly { policy: Policy; mode: MatchMode }[]) {
    this.#rules = parts.flatMap(({ policy, mode }) =>
      policy.lines.map((line): Rule => ({ ...line, mode: line.effect === 'deny' ? `denying ${mode}` : mode })),
    );
    for (const { member, role } of joinPolicies(parts.map(({ policy }) => policy)).links) {
      this.#roles.set(member, [...(this.#roles.get(member) ?? []), role]);
    }
  }

  /** Whether a role is linked to the name. */
  hasRoles(name: string): boolean {
    return this.#roles.has(name);
  }

  /** Some rule allows it and none denies it. */
  allows(request: AccessRequest): boolean {
    const { subject, resource, action, object } = request;
    const { rules, enforcer, answers } = this.#concernOf(request);
    // Casbin is asked only where it could say yes: who sees few of many objects pays for few.
    if (!rules.some((rule) => rule.effect === 'allow' && fits(object, rule.object, rule.mode))) return false;
    const known = answers.get(object);
    if (known !== undefined) return known;
    const answer = enforcer.enforceSync(subject, resource, action, object);
    this.#keepAnswer(answers, object, answer);
    return answer;
  }

  #keepAnswer(answers: Map<string, boolean>, object: string, answer: boolean): void {
    if (this.#answers >= maxAnswers) {
      for (const concern of this.#concerns.values()) concern.answers.clear();
      this.#answers = 0;
    }
    answers.set(object, answer);
    this.#answers += 1;
  }

  /** The name itself and every role it has, directly or through others. */
  #rolesOf(name: string): ReadonlySet<string> {
    const kept = this.#closures.get(name);
    if (kept) return kept;
    const found = new Set([name]);
    for (const one of found) for (const role of this.#roles.get(one) ?? []) found.add(role);
    keep(this.#closures, name, found);
    return found;
  }

  #concernOf({ subject, resource, action }: AccessRequest): Concern {
    const key = JSON.stringify([subject, resource, action]);
    const kept = this.#concerns.get(key);
    if (kept) return kept;
    const holders = this.#rolesOf(subject);
    const rules = this.#rules.filter(
      (rule) =>
        holders.has(rule.subject) && fits(resource, rule.resource, rule.mode) && fits(action, rule.action, rule.mode),
    );
    const enforcer = casbinEnforcer(rules, (name, holder) => this.#rolesOf(name).has(holder));
    const concern = { rules, enforcer, answers: new Map<string, boolean>() };
    keep(this.#concerns, key, concern);
    return concern;
  }
}

function casbinEnforcer(rules: readonly Rule[], holds: (name: string, holder: string) => boolean): Enforcer {
  const own = newModelFromString(model);
  for (const rule of rules) {
    own.addPolicy('p', 'p', [rule.subject, rule.resource, rule.action, rule.object, rule.effect, rule.mode]);
  }
  const enforcer = new Enforcer();
  enforcer.setModel(own);
  void enforcer.addFunction('holds', holds);
  void enforcer.addFunction('fits', fits);
  return enforcer;
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= maxKept) map.clear();
  map.set(key, value);
}
