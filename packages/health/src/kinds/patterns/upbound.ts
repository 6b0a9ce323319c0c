import { crossplaneHealth } from '../../crossplane-health.ts';

/** What Upbound's official providers for Crossplane define: `*.upbound.io`. */
export const upbound = crossplaneHealth({
  good: ['Ready'],
  withoutStatus: ['ClusterProviderConfig', 'ProviderConfig', 'ProviderConfigUsage'],
});
