import type { Inspector } from '../applications/inspect.ts';
import type { ApplicationParts } from '../applications/lookup.ts';
import type { ClusterClients } from './cluster-clients.ts';

/** What the routes of live objects work with. */
export type LiveParts = ApplicationParts & {
  inspector: Inspector;
  clusters: ClusterClients;
  /** Annotations of Secrets whose values are not shown, now. */
  sensitiveAnnotations(): readonly string[];
};
