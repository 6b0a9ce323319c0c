import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';

/** `execProviderConfig` of a cluster Secret (reference §10.5). */
export interface ExecConfig {
  command?: string;
  args?: string[];
  env?: Record<string, string>;
  apiVersion?: string;
  installHint?: string;
}

/** `awsAuthConfig` of a cluster Secret. */
export interface AwsAuthConfig {
  clusterName?: string;
  roleARN?: string;
  profile?: string;
}

async function isOnPath(command: string): Promise<boolean> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const found = await access(join(folder, command), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}

/**
 * The program that logs in to EKS: `argocd-k8s-auth`, which Argo CD's image has, or else the AWS command line tool. Both take
 * the identity of this process from the environment and answer with a token.
 */
export async function awsLogin(cluster: string, { clusterName, roleARN, profile }: AwsAuthConfig): Promise<ExecConfig> {
  if (!clusterName) {
    throw new PlumblineError(
      'KUBE_CONFIG',
      `the configuration of cluster "${cluster}" is not usable: awsAuthConfig has no clusterName`,
      { hint: 'give the name of the EKS cluster' },
    );
  }
  const role = roleARN ? ['--role-arn', roleARN] : [];
  const named = profile ? ['--profile', profile] : [];
  const apiVersion = 'client.authentication.k8s.io/v1beta1';
  if (await isOnPath('argocd-k8s-auth')) {
    return { apiVersion, command: 'argocd-k8s-auth', args: ['aws', '--cluster-name', clusterName, ...role, ...named] };
  }
  if (await isOnPath('aws')) {
    const args = ['eks', 'get-token', '--output', 'json', '--cluster-name', clusterName, ...role, ...named];
    return { apiVersion, command: 'aws', args };
  }
  throw new PlumblineError(
    'KUBE_CONFIG',
    `the configuration of cluster "${cluster}" is not usable: awsAuthConfig needs the program argocd-k8s-auth or aws, and neither is on PATH`,
    { hint: 'install one of them where the engine runs, or use execProviderConfig' },
  );
}
