import type { Need, Target } from './authorization-model.ts';

/** Settings that change which rights are needed (reference §9.1, end of §8.5). */
export interface Strictness {
  /** `server.rbac.rollback.enforce.enable`. */
  rollbackApart: boolean;
  /** `server.rbac.disableApplicationFineGrainedRBACInheritance` is false. */
  inherits: boolean;
  /** `application.sync.requireOverridePrivilegeForRevisionSync`. */
  revisionsOverride: boolean;
}

/** Something that is done with an Application, in the way a caller asks for it, and what it takes. */
export interface Deed {
  name: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** Without the query; `target` is in it. */
  path(target: Target): string;
  query?(target: Target): Record<string, string>;
  body?: unknown;
  /** Each entry must be allowed: one of its ways. */
  needs(target: Target, strictness: Strictness): readonly (readonly Need[])[];
}

/** An Application as policies name it. */
export const objectOf = ({ project, namespace, name }: Target): string =>
  [project, ...(namespace ? [namespace] : []), name].join('/');

const api = (rest: string) => (target: Target) => `/api/v1/applications/${target.name}${rest}`;
const right = (resource: string, action: string, target: Target): Need => [resource, action, objectOf(target)];
const all =
  (...actions: string[]) =>
  (target: Target): Need[][] =>
    actions.map((action) => [right('applications', action, target)]);

const reading = (resource: string, action: string) => (target: Target) => [
  [right('applications', 'get', target)],
  [right(resource, action, target)],
];

const podPlace = { container: 'main', namespace: 'n' };
const terminalOf =
  (pod: string) =>
  ({ name, project, namespace }: Target) => ({
    ...podPlace,
    pod,
    appName: name,
    projectName: project,
    ...(namespace ? { appNamespace: namespace } : {}),
  });

const terminals: Deed[] = [
  {
    name: 'a terminal',
    method: 'GET',
    path: () => '/terminal',
    query: terminalOf('absent'),
    needs: reading('exec', 'create'),
  },
  {
    name: 'a terminal under the name of another project',
    method: 'GET',
    path: () => '/terminal',
    query: (target) => ({ ...terminalOf('absent')(target), projectName: target.project === 'red' ? 'blue' : 'red' }),
    needs: () => [[]],
  },
];

const logs: Deed[] = [
  { name: 'logs', method: 'GET', path: api('/logs'), needs: reading('logs', 'get') },
  {
    name: 'logs of a workload',
    method: 'GET',
    path: api('/logs'),
    query: () => ({ kind: 'Deployment', group: 'apps', resourceName: 'absent', namespace: 'n' }),
    needs: reading('logs', 'get'),
  },
  {
    name: 'logs of a Pod, with the project',
    method: 'GET',
    path: api('/pods/absent/logs'),
    query: ({ project }) => ({ ...podPlace, project }),
    needs: reading('logs', 'get'),
  },
];

const sync = (name: string, body: unknown, needs: Deed['needs']): Deed => ({
  name: `a sync ${name}`,
  method: 'POST',
  path: api('/sync'),
  body,
  needs,
});
const elsewhere: Deed['needs'] = (target, { revisionsOverride }) =>
  all('get', 'sync', ...(revisionsOverride ? ['override'] : []))(target);

const operations: Deed[] = [
  sync('', {}, all('get', 'sync')),
  sync('that changes nothing', { dryRun: true }, all('get', 'sync')),
  sync('with manifests', { manifests: ['{}'] }, all('get', 'sync', 'override')),
  sync('with manifests that changes nothing', { manifests: ['{}'], dryRun: true }, all('get', 'sync', 'override')),
  sync('of the revision of the spec', { revision: 'HEAD' }, all('get', 'sync')),
  sync('of another revision', { revision: 'other' }, elsewhere),
  sync('of another revision by position', { revisions: ['other'], sourcePositions: [1] }, elsewhere),
  {
    name: 'a rollback',
    method: 'POST',
    path: api('/rollback'),
    body: { id: 99 },
    needs: (target, { rollbackApart }) => all('get', rollbackApart ? 'rollback' : 'sync')(target),
  },
  { name: 'an end of the operation', method: 'DELETE', path: api('/operation'), needs: all('sync') },
];

/** Objects that no Application has. */
const kinds = [
  { group: '', kind: 'ConfigMap', namespace: 'n', resourceName: 'absent' },
  { group: '', kind: 'ConfigMap', namespace: 'other', resourceName: 'absent' },
  { group: 'apps', kind: 'Deployment', namespace: 'n', resourceName: 'absent' },
  { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', namespace: '', resourceName: 'absent' },
];

const objectWrites: Deed[] = kinds.flatMap((object) =>
  (['update', 'delete'] as const).map((verb): Deed => {
    const { group, kind, namespace, resourceName } = object;
    const own = `${verb}/${group}/${kind}/${namespace}/${resourceName}`;
    return {
      name: own,
      method: verb === 'update' ? 'POST' : 'DELETE',
      path: api('/resource'),
      query: () => ({ ...object, version: 'v1' }),
      ...(verb === 'update' ? { body: '{}' } : {}),
      needs: (target, { inherits }) => [
        [right('applications', own, target), ...(inherits ? [right('applications', verb, target)] : [])],
      ],
    };
  }),
);

const actions: Deed[] = kinds.slice(1).flatMap((object) =>
  ['restart', 'scale'].flatMap((action): Deed[] => {
    const own = `action/${object.group}/${object.kind}/${action}`;
    const path = '/resource/actions';
    const query = () => ({ ...object, version: 'v1' });
    return [
      { name: `${own}, old`, method: 'POST', path: api(path), query, body: action, needs: all(own) },
      {
        name: own,
        method: 'POST',
        path: api(`${path}/v2`),
        body: { ...object, version: 'v1', action },
        needs: all(own),
      },
    ];
  }),
);

/** What the rights of reference §9.1 beyond those of whole routes are about, written down from there. */
export const deeds: readonly Deed[] = [...terminals, ...logs, ...operations, ...objectWrites, ...actions];
