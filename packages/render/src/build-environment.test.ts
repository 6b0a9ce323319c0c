import { expect, it } from 'vitest';
import { substitute } from './build-environment.ts';

const environment = { ARGOCD_APP_NAME: 'app', ARGOCD_APP_NAMESPACE: 'ns' };

it.each([
  ['$ARGOCD_APP_NAME', 'app'],
  [`a-\${ARGOCD_APP_NAME}-$ARGOCD_APP_NAMESPACE.yaml`, 'a-app-ns.yaml'],
  ['$$ARGOCD_APP_NAME', '$ARGOCD_APP_NAME'],
  [`[$UNKNOWN] [\${UNKNOWN}]`, '[] []'],
  ['$(id) 5$ $', '$(id) 5$ $'],
  ['$1$*', ''],
  [`\${toString}`, ''],
  ['plain', 'plain'],
])('%s becomes %s', (text, expected) => {
  expect(substitute(text, environment)).toBe(expected);
});
