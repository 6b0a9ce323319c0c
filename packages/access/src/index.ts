export { globMatch, isDeny, matchesAny, negatableMatch } from './glob.ts';
export {
  type DestinationQuery,
  permitsDestination,
  permitsResource,
  permitsSource,
  permitsSourceNamespace,
  type ResourceQuery,
  resourceProblem,
} from './permits.ts';
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
