import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { PlumblineError } from '@plumbline/errors';
import type { ClusterAccess } from '../types.ts';
import type { Endpoint } from './endpoint.ts';
import { kubeconfigEndpoint } from './kubeconfig.ts';
import { secretEndpoint } from './secret-endpoint.ts';
import { tokenFileAuthorization } from './token-file.ts';

const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

async function inClusterEndpoint(): Promise<Endpoint> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
  if (!host || !port) {
    throw new PlumblineError('KUBE_CONFIG', 'this process does not run in a Kubernetes pod', {
      hint: 'give a kubeconfig, or run it with a service account',
    });
  }
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    tls: { ca: await readFile(`${serviceAccountFolder}/ca.crt`) },
    authorization: tokenFileAuthorization(`${serviceAccountFolder}/token`),
  };
}

/** The address and credentials of a cluster. Unusable configuration is `KUBE_CONFIG`. */
export function resolveAccess(access: ClusterAccess): Promise<Endpoint> {
  switch (access.kind) {
    case 'kubeconfig':
      return kubeconfigEndpoint(access);
    case 'in-cluster':
      return inClusterEndpoint();
    case 'secret':
      return secretEndpoint(access);
  }
}
