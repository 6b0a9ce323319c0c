import type { HealthCheck } from '../../health-check.ts';
import { type Fields, fieldsAt, listAt, textAt, trueAt } from '../../read.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** A cluster of which the health is not known counts as long as the object could be applied there. */
function isUnwell(report: Fields): boolean {
  const health = textAt(report, 'health');
  return health === 'Unhealthy' || (health === 'Unknown' && !trueAt(report, 'applied'));
}

function binding(mayLackClusters: boolean): HealthCheck {
  return (object) => {
    const clusters = listAt(object, 'spec', 'clusters').length;
    const reports = listAt(object, 'status', 'aggregatedStatus');
    const inherited = mayLackClusters && fieldsAt(object, 'spec')['clusters'] === undefined;
    const complete = inherited ? reports.length > 0 : clusters > 0 && clusters === reports.length;
    if (!complete) return progressing('Waiting for the clusters to report');
    const unwell = reports.filter(isUnwell).map((report) => textAt(report, 'clusterName'));
    return unwell.length > 0 ? degraded(`Not well in ${unwell.join(', ')}`) : healthy();
  };
}

/** Where Karmada places something that no namespace holds. */
export const clusterResourceBinding: HealthCheck = binding(false);

/** Where Karmada places something; what comes along as a dependency names no clusters of its own. */
export const resourceBinding: HealthCheck = binding(true);
