import type { Enforcer, Subject } from '@plumbline/access';
import type { AccessSettings } from '@plumbline/settings';
import { apiFailure } from '../http/api-failure.ts';
import { Decisions } from './decisions.ts';

/** What the caller of one request may do. */
export interface Rights {
  readonly subject: Subject;
  /** Settings that change what is needed. */
  readonly settings: Pick<AccessSettings, 'objectsInherit' | 'revisionNeedsOverride' | 'rollbackNeedsOwnRight'>;
  can(resource: string, action: string, object: string): boolean;
  /** Throws PermissionDenied, naming what is missing. */
  require(resource: string, action: string, object: string): void;
  /** Notes that any caller may use the route, or that lists are filtered by {@link Rights.can}. */
  open(): void;
  /** Whether anything was asked or opened. */
  asked(): boolean;
  /** Changes when rights may have changed. */
  version(): number;
  /** What was answered, for the audit record. */
  readonly decisions: Decisions;
}

export interface RightsOptions {
  subject: Subject;
  enforcer: () => Enforcer;
  settings: Rights['settings'];
  version: () => number;
}

/** Rights of one request. */
export function createRights({ subject, enforcer, settings, version }: RightsOptions): Rights {
  const decisions = new Decisions();
  let asked = false;
  const can: Rights['can'] = (resource, action, object) => {
    asked = true;
    const allowed = enforcer().can(subject, resource, action, object);
    decisions.asked({ resource, action, object, allowed });
    return allowed;
  };
  return {
    subject,
    settings,
    can,
    require: (resource, action, object) => {
      const allowed = can(resource, action, object);
      decisions.required({ resource, action, object, allowed });
      if (!allowed) {
        throw apiFailure('PermissionDenied', `permission denied: ${resource}, ${action}, ${object}`);
      }
    },
    open: () => {
      asked = true;
    },
    asked: () => asked,
    version,
    decisions,
  };
}
