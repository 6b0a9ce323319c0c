import type { AppProject } from '@plumbline/apis';
import { builtInPolicy } from './built-in-policy.ts';
import type { Policy } from './policy.ts';
import { projectPolicy } from './project-policy.ts';
import { type MatchMode, RuleBook } from './rule-book.ts';

/** Who asks: an account, a user of the identity provider, or `proj:<project>:<role>`; '' is anonymous. */
export interface Subject {
  name: string;
  groups: readonly string[];
}

/** Decides who may do what (reference §9.1). Pure: the same question has the same answer for as long as nothing it was made of changes. */
export interface Enforcer {
  can(subject: Subject, resource: string, action: string, object: string): boolean;
}

export interface EnforcerOptions {
  /** Of argocd-rbac-cm; the built-in roles come on top. */
  policy: Policy;
  /** The roles that are there without any policy. Default: {@link builtInPolicy}. */
  builtIn?: Policy;
  /** The role that everyone has besides; '' is none. */
  defaultRole: string;
  matchMode: MatchMode;
  /** The project as it is now; its roles count for its objects. */
  project(name: string): AppProject | undefined;
}

/** Resources whose objects may begin with a project. */
const ofProjects: readonly string[] = ['applications', 'applicationsets', 'logs', 'exec', 'clusters', 'repositories'];

function projectNameOf(resource: string, object: string): string | undefined {
  if (resource === 'projects') return object;
  const slash = object.indexOf('/');
  return ofProjects.includes(resource) && slash > 0 ? object.slice(0, slash) : undefined;
}

/** The project of a token's subject `proj:<project>:<role>`. */
function tokenProject(subject: string): string | undefined {
  const parts = subject.split(':');
  return parts.length === 3 && parts[0] === 'proj' ? parts[1] : undefined;
}

/**
 * The rules of reference §9.1, in its order: the default role, then the subject with the policies of the object's project,
 * then each group that some role is linked to. A token of a project has rights on objects of no other.
 */
export function createEnforcer(options: EnforcerOptions): Enforcer {
  const { policy, defaultRole, matchMode, builtIn = builtInPolicy } = options;
  const general = [
    { policy: builtIn, mode: 'glob' as const },
    { policy, mode: matchMode },
  ];
  const common = new RuleBook(general);
  const books = new WeakMap<AppProject, RuleBook>();
  const bookOf = (project: AppProject | undefined): RuleBook => {
    if (!project || (project.spec.roles ?? []).length === 0) return common;
    const kept = books.get(project);
    if (kept) return kept;
    const made = new RuleBook([...general, { policy: projectPolicy(project), mode: matchMode }]);
    books.set(project, made);
    return made;
  };
  return {
    can: (subject, resource, action, object) => {
      const about = { resource, action, object };
      if (defaultRole !== '' && common.allows({ subject: defaultRole, ...about })) return true;
      const name = projectNameOf(resource, object);
      const project = name === undefined ? undefined : options.project(name);
      const owner = tokenProject(subject.name);
      if (owner !== undefined && project !== undefined && owner !== project.metadata.name) return false;
      const book = bookOf(project);
      if (subject.name !== '' && book.allows({ subject: subject.name, ...about })) return true;
      return subject.groups.some((group) => book.hasRoles(group) && book.allows({ subject: group, ...about }));
    },
  };
}
