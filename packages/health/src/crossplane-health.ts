import type { HealthCheck } from './health-check.ts';
import { conditionsOf, fieldsAt } from './read.ts';
import { degraded, healthy, progressing } from './verdict.ts';

/**
 * Managed resources, claims and packages of Crossplane: Synced or the last asynchronous operation being False is a failure,
 * any of the conditions `good` is enough. What has no status is Healthy, as in Argo CD; an empty one is waited for, but for
 * kinds that never get more.
 */
export function crossplaneHealth(options: { good: readonly string[]; withoutStatus: readonly string[] }): HealthCheck {
  return (object) => {
    if (object['status'] === undefined || object['status'] === null) return healthy();
    const status = fieldsAt(object, 'status');
    if (Object.keys(status).length === 0) {
      return options.withoutStatus.includes(object.kind) ? healthy() : progressing('Waiting for the provider');
    }
    const conditions = conditionsOf(object);
    if (conditions.length === 0 && /^(Cluster)?ProviderConfig$/.test(object.kind) && status['users'] !== undefined) {
      return healthy('It is in use');
    }
    const failed = conditions.find(
      (entry) => (entry.type === 'Synced' || entry.type === 'LastAsyncOperation') && entry.status === 'False',
    );
    if (failed) return degraded(failed.message);
    const good = conditions.some((entry) => options.good.includes(entry.type) && entry.status === 'True');
    return good ? healthy() : progressing('Waiting for the external resource');
  };
}
