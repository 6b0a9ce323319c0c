/** Decisions that a handler takes itself, because what is asked for is known only from the body, a setting or a stored entry. */
export const ownDecisions = {
  applicationOfBody: 'applications, create: on the Application that the body describes',
  syncDetails: 'applications, override: where the sync brings manifests or, by a setting, another revision',
  rollback: 'applications, sync; or rollback where a setting says so',
  liveObject: 'applications, <verb>/<group>/<kind>/…: on an object of the Application; by a setting also the bare verb',
  projectOfBody: 'projects, create and update: on the project that the body describes',
  widening: 'clusters and repositories, update: on those that a project is opened to',
  roleTokens: 'projects, update; or membership of the role',
  declaredEntry: 'on the entry with the project that it is declared for; one out of sight is as one that is not there',
  upsert: 'update beside create, where something is to be replaced',
  ownAccount: 'accounts, get or update; nothing for one’s own account',
  localFiles: 'applications, get: on the Application that the body names',
  sourceDetails: 'applications, get; create where the Application is not there yet',
} as const;
export type OwnDecision = keyof typeof ownDecisions;

/**
 * Who may use a route. The server enforces it in one place before the handler runs, and again while a stream is open.
 * - `anyone`: works without a token, and may tell a caller with one more.
 * - `callers`: every caller who is let in (a valid token, or anonymous access).
 * - `application`: all these actions on the Application that `{name}` names; without the first it is as if it were not there.
 *   `beside` is another resource's action on the same object.
 * - `resource`: the action on `object`, in which `{name}` stands for a path parameter.
 * - `listed`: every caller; the answer holds what he may `get` and nothing else.
 * - `own`: the handler must ask for a right, else its answer is withheld.
 * `also` is what the handler asks for on top.
 */
export type RouteAccess =
  | 'anyone'
  | 'callers'
  | { application: readonly string[]; beside?: readonly [resource: string, action: string]; also?: OwnDecision }
  | { resource: string; action: string; object: string; also?: OwnDecision }
  | { listed: string }
  | { own: OwnDecision };

/** Actions on the Application of the path. */
export const onApplication = (...application: string[]): { application: readonly string[] } => ({ application });

/** An action on the project of the path. */
export const onProject = (action: string): { resource: string; action: string; object: string } => ({
  resource: 'projects',
  action,
  object: '{name}',
});

/** An action on all of a resource. */
export const onAll = (resource: string, action: string): { resource: string; action: string; object: string } => ({
  resource,
  action,
  object: '',
});
