import type { Policy, PolicyLine } from './policy.ts';

/** What rights are about (reference §9.1). */
export const rbacResources = [
  'applications',
  'applicationsets',
  'clusters',
  'repositories',
  'write-repositories',
  'projects',
  'certificates',
  'gpgkeys',
  'accounts',
  'logs',
  'exec',
  'extensions',
] as const;
export type RbacResource = (typeof rbacResources)[number];

/** Verbs. Those of applications may go on with a path, for example `update/apps/Deployment/ns/web`. */
export const rbacActions = [
  'get',
  'create',
  'update',
  'delete',
  'sync',
  'override',
  'rollback',
  'action',
  'invoke',
] as const;

const objects: Readonly<Record<string, string>> = {
  applications: '*/*',
  applicationsets: '*/*',
  logs: '*/*',
  exec: '*/*',
};

/** What stands for all objects of a resource where somebody asks about `*`: Applications have two parts. */
export function allObjects(resource: string, object: string): string {
  return object === '*' ? (objects[resource] ?? object) : object;
}

const readable: readonly RbacResource[] = [
  'applications',
  'applicationsets',
  'certificates',
  'clusters',
  'repositories',
  'write-repositories',
  'projects',
  'accounts',
  'gpgkeys',
  'logs',
];

const writable: readonly (readonly [RbacResource, readonly string[]])[] = [
  ['applications', ['create', 'update', 'update/*', 'delete', 'delete/*', 'sync', 'override', 'rollback', 'action/*']],
  ['applicationsets', ['create', 'update', 'delete']],
  ['certificates', ['create', 'update', 'delete']],
  ['clusters', ['create', 'update', 'delete']],
  ['repositories', ['create', 'update', 'delete']],
  ['write-repositories', ['create', 'update', 'delete']],
  ['projects', ['create', 'update', 'delete']],
  ['accounts', ['update']],
  ['gpgkeys', ['create', 'delete']],
  ['exec', ['create']],
  ['extensions', ['invoke']],
];

function allow(subject: string, resource: RbacResource, action: string): PolicyLine {
  return { subject, resource, action, object: objects[resource] ?? '*', effect: 'allow' };
}

/** The roles that every installation has: `role:readonly`, `role:admin`, and `admin`, who holds the latter (reference §9.1). */
export const builtInPolicy: Policy = {
  lines: [
    ...readable.map((resource) => allow('role:readonly', resource, 'get')),
    ...writable.flatMap(([resource, actions]) => actions.map((action) => allow('role:admin', resource, action))),
  ],
  links: [
    { member: 'role:admin', role: 'role:readonly' },
    { member: 'admin', role: 'role:admin' },
  ],
};
