import { applicationObject } from '@plumbline/access';
import type { RouteAccess } from '@plumbline/protocol';
import { type ApplicationParts, findApplication } from '../applications/lookup.ts';
import type { Rights } from './rights.ts';

/** What the gate reads of a request. */
export interface GatedCall {
  params: Readonly<Record<string, string>>;
  query: unknown;
  body: unknown;
  rights: Rights;
}

/**
 * Enforces what the route table says of a route. Throws PermissionDenied; NotFound only to who may know it. What the table leaves
 * to a handler (`own`, `also`) passes.
 */
export type Gate = (access: RouteAccess, call: GatedCall) => Promise<void>;

type ApplicationAccess = Extract<RouteAccess, { application: readonly string[] }>;

/** The texts of a parsed request under these names; anything else is as if it were not there. */
function member(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, name)
        ? (at as Record<string, unknown>)[name]
        : undefined,
    value,
  );
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

async function checkApplication(parts: ApplicationParts, access: ApplicationAccess, call: GatedCall): Promise<void> {
  const { params, query, body, rights } = call;
  const application = await findApplication(parts, {
    name: params['name'] ?? '',
    // An update also says in its body where the Application lives.
    appNamespace: text(member(query, 'appNamespace')) ?? text(member(body, 'metadata', 'namespace')),
    project: texts(member(query, 'project')),
    actions: access.application,
    rights,
  });
  if (!access.beside) return;
  const [resource, action] = access.beside;
  rights.require(resource, action, applicationObject(application, parts.namespace));
}

/** The one place where the route table's rights are enforced. */
export function createGate(parts: ApplicationParts): Gate {
  return async (access, call) => {
    if (access === 'anyone') return;
    if (access === 'callers' || 'listed' in access) {
      call.rights.open();
      return;
    }
    if ('own' in access) return;
    if ('application' in access) return checkApplication(parts, access, call);
    const object = access.object.replace(/\{(\w+)\}/g, (_, name: string) => call.params[name] ?? '');
    call.rights.require(access.resource, access.action, object);
  };
}
