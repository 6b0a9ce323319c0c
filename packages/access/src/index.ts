export { dependenciesOf, dependencyCycle } from './dependencies.ts';
export { globMatch, isDeny, matchesAny, negatableMatch } from './glob.ts';
export {
  type GlobalProjectRule,
  globalProjectsOf,
  type LabelSelector,
  withGlobalProjects,
} from './global-projects.ts';
export {
  type DestinationQuery,
  isApplicationNamespace,
  permitsDestination,
  permitsResource,
  permitsSource,
  permitsSourceNamespace,
  type ResourceQuery,
  resourceProblem,
} from './permits.ts';
export { applicationObject, objectOf } from './rbac/application-object.ts';
export { allObjects, builtInPolicy, type RbacResource, rbacActions, rbacResources } from './rbac/built-in-policy.ts';
export { createEnforcer, type Enforcer, type EnforcerOptions, type Subject } from './rbac/enforcer.ts';
export {
  emptyPolicy,
  joinPolicies,
  type Policy,
  type PolicyLine,
  parsePolicy,
  type RoleLink,
} from './rbac/policy.ts';
export { PolicyError } from './rbac/policy-error.ts';
export { parseProjectPolicy, projectRoleSubject } from './rbac/project-policy.ts';
export type { MatchMode } from './rbac/rule-book.ts';
export { type AccountQuery, type ActingUser, actingUser, destinationUser } from './service-account.ts';
export { type RequiredSignatures, requiredSignatures } from './source-integrity.ts';
export {
  activeWindows,
  mayOverrun,
  type OverrunQuery,
  syncWindows,
  type WindowQuery,
  type WindowState,
} from './sync-windows.ts';
export { type ValidationContext, validateApplication } from './validate-application.ts';
export { validateProject } from './validate-project.ts';
