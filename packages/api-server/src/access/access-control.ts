import { createEnforcer, type Enforcer } from '@plumbline/access';
import type { AccessSettings } from '@plumbline/settings';
import type { ProjectCache } from '../projects/project-cache.ts';
import type { User } from '../session/user.ts';
import { createRights, type Rights } from './rights.ts';

/** Rights by the policies and projects of the moment. */
export interface AccessControl {
  rightsOf(user: User | undefined): Rights;
}

export interface AccessControlOptions {
  settings: { access(): AccessSettings };
  projects: Pick<ProjectCache, 'get' | 'version'>;
}

/** An {@link AccessControl} that counts every change of settings or projects at once. */
export function createAccessControl({ settings, projects }: AccessControlOptions): AccessControl {
  let of: AccessSettings | undefined;
  let enforcer: Enforcer | undefined;
  let changes = 0;
  const current = (): Enforcer => {
    const access = settings.access();
    if (enforcer && of === access) return enforcer;
    of = access;
    changes += 1;
    enforcer = createEnforcer({ ...access.rbac, project: projects.get });
    return enforcer;
  };
  const version = (): number => {
    current();
    return changes + projects.version();
  };
  return {
    rightsOf: (user) =>
      createRights({
        subject: { name: user?.username ?? '', groups: user?.groups ?? [] },
        enforcer: current,
        settings: settings.access(),
        version,
      }),
  };
}
