import { type AppProject, type ProjectRole, parseDuration, type SyncWindow } from '@plumbline/apis';
import { rbacActions } from './rbac/built-in-policy.ts';
import { PolicyError } from './rbac/policy-error.ts';
import { parseProjectPolicy } from './rbac/project-policy.ts';
import { syncWindows } from './sync-windows.ts';

const roleName = /^[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?$/;
/** Characters that would begin another field or line of a policy. */
const unfitForPolicy = /[,\r\n"]/;

/** Entries that occur for the second time. */
function repeated(entries: readonly string[]): string[] {
  return [...new Set(entries.filter((entry, index) => entries.indexOf(entry) !== index))];
}

function destinationProblems({ spec }: AppProject): string[] {
  const destinations = spec.destinations ?? [];
  const invalid = destinations.flatMap(({ server, name, namespace }) => [
    ...(server === '!*' ? ["destination server has an invalid format, '!*'"] : []),
    ...(name === '!*' ? ["destination name has an invalid format, '!*'"] : []),
    ...(namespace === '!*' ? ["destination namespace has an invalid format, '!*'"] : []),
  ]);
  const names = destinations.map(({ server, name, namespace }) => `${server || name || ''}/${namespace ?? ''}`);
  return [...invalid, ...repeated(names).map((name) => `destination '${name}' is there twice`)];
}

function sourceProblems({ spec }: AppProject): string[] {
  const repos = spec.sourceRepos ?? [];
  return [
    ...(repos.includes('!*') ? ["source repository has an invalid format, '!*'"] : []),
    ...repeated(repos).map((url) => `source repository '${url}' is there twice`),
  ];
}

/** A verb, `*`, or what `update`, `delete` and `action` go on with (reference §9.1). */
function isPolicyAction(action: string): boolean {
  return action === '*' || rbacActions.some((verb) => verb === action) || /^(action|update|delete)\/./.test(action);
}

function policyProblems(project: string, role: ProjectRole): string[] {
  const policies = role.policies ?? [];
  const invalid = policies.flatMap((text) => {
    try {
      const { action } = parseProjectPolicy(project, role.name, text);
      if (isPolicyAction(action)) return [];
      return [`policy '${text}' of role '${role.name}': there is no action '${action}'`];
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return [`policy '${text}' of role '${role.name}': ${error.message}`];
    }
  });
  return [...invalid, ...repeated(policies).map((text) => `policy '${text}' of role '${role.name}' is there twice`)];
}

function roleProblems({ metadata, spec }: AppProject): string[] {
  const roles = spec.roles ?? [];
  return [
    ...repeated(roles.map(({ name }) => name)).map((name) => `role '${name}' is there twice`),
    ...roles.flatMap((role) => [
      ...(roleName.test(role.name)
        ? []
        : [`role name '${role.name}': letters, digits, - and _ only, letters or digits at its ends`]),
      ...(role.groups ?? [])
        .filter((group) => group.trim() === '' || unfitForPolicy.test(group))
        .map((group) => `group '${group}' of role '${role.name}' is empty or has a comma, quote or line break`),
      ...repeated(role.groups ?? []).map((group) => `group '${group}' of role '${role.name}' is there twice`),
      ...policyProblems(metadata.name, role),
    ]),
  ];
}

function windowProblems(project: AppProject): string[] {
  const windows = project.spec.syncWindows ?? [];
  const identity = ({ kind, schedule, duration, applications, namespaces, clusters, timeZone }: SyncWindow) =>
    JSON.stringify([kind, schedule, duration, applications, namespaces, clusters, timeZone]);
  return [
    ...windows.flatMap((window) => windowProblem(project, window)),
    ...repeated(windows.map(identity)).map(() => 'the same sync window is there twice'),
  ];
}

function windowProblem(project: AppProject, window: SyncWindow): string[] {
  const { kind, schedule, duration, applications = [], namespaces = [], clusters = [] } = window;
  const what = `sync window ${kind} '${schedule}'`;
  const problems: string[] = [];
  if (kind !== 'allow' && kind !== 'deny') problems.push(`${what}: kind must be allow or deny`);
  if (applications.length + namespaces.length + clusters.length === 0) {
    problems.push(`${what}: names no applications, namespaces or clusters`);
  }
  try {
    parseDuration(duration ?? '');
  } catch {
    return [...problems, `${what}: cannot read the duration '${duration}'`];
  }
  const alone = { ...project, spec: { syncWindows: [{ ...window, applications: ['*'], andOperator: false }] } };
  const query = { application: 'a', namespace: '', cluster: '' };
  return [...problems, ...syncWindows(alone, query, new Date(0)).problems];
}

function accountProblems({ spec }: AppProject): string[] {
  return (spec.destinationServiceAccounts ?? []).flatMap(({ server, namespace, defaultServiceAccount }) => {
    const what = `destinationServiceAccounts '${server}/${namespace ?? ''}'`;
    return [
      ...(server === '' || server.startsWith('!') ? [`${what}: the server must be a pattern without !`] : []),
      ...(namespace?.startsWith('!') ? [`${what}: the namespace must be a pattern without !`] : []),
      ...(/^[a-z0-9.-]+(:[a-z0-9.-]+)?$/.test(defaultServiceAccount)
        ? []
        : [`${what}: '${defaultServiceAccount}' is no service account: use a name, or namespace:name`]),
    ];
  });
}

/** What is wrong with an AppProject's spec, one sentence each (reference §9.2); none where all is well. */
export function validateProject(project: AppProject): string[] {
  return [
    ...destinationProblems(project),
    ...sourceProblems(project),
    ...roleProblems(project),
    ...windowProblems(project),
    ...accountProblems(project),
    ...repeated((project.spec.signatureKeys ?? []).map(({ keyID }) => keyID)).map(
      (key) => `signature key '${key}' is there twice`,
    ),
  ];
}
