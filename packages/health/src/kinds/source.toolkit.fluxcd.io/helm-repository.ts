import { fluxHealth } from '../../flux-health.ts';
import type { HealthCheck } from '../../health-check.ts';
import { textAt, trueAt } from '../../read.ts';
import { healthy } from '../../verdict.ts';

const withIndex = fluxHealth({ also: ['ArtifactInStorage'] });

/** Whether the index is fetched and stored. */
export const fluxHelmRepository: HealthCheck = (object) =>
  !trueAt(object, 'spec', 'suspend') && textAt(object, 'spec', 'type') === 'oci'
    ? healthy('A repository of type oci has no status')
    : withIndex(object);
