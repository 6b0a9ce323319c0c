import { crossplaneHealth } from '../../crossplane-health.ts';

/** Whatever Crossplane and its providers define: `*.crossplane.io`. */
export const crossplane = crossplaneHealth({
  good: ['Ready', 'Healthy', 'Offered', 'Established', 'ValidPipeline', 'RevisionHealthy'],
  withoutStatus: [
    'Composition',
    'CompositionRevision',
    'DeploymentRuntimeConfig',
    'ClusterProviderConfig',
    'ProviderConfig',
    'ProviderConfigUsage',
    'ControllerConfig',
  ],
});
