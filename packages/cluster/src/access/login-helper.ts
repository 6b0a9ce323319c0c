import type { KubeConfig } from '@kubernetes/client-node';
import { PlumblineError } from '@plumbline/errors';
import { type Endpoint, renewedAuthorization, type TlsSettings } from './endpoint.ts';

/** A cluster and a user in client-node's words, where the user logs in through an auth provider. */
interface HelperLogin {
  cluster: { name: string; server: string; skipTLSVerify: boolean };
  user: { name: string; authProvider: unknown };
}

/** client-node asks the helper again when the credential it caches has expired. */
const lifetimeMs = 10_000;

async function loadLogin({ cluster, user }: HelperLogin): Promise<KubeConfig> {
  // Loaded on demand: client-node costs some 60 MB, and most clusters are reached with a token or certificate.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, user);
  return config;
}

interface LoginResult {
  authorization: string | undefined;
  tls: Pick<TlsSettings, 'cert' | 'key'>;
}

async function askHelper(config: KubeConfig, name: string): Promise<LoginResult> {
  const options: { headers: Record<string, string>; cert?: string; key?: string } = { headers: {} };
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new PlumblineError('KUBE_UNAUTHORIZED', `the login helper of cluster "${name}" failed: ${words}`, {
      retry: 'transient',
      cause,
      hint: 'run the helper by hand with the same arguments to see why',
    });
  }
  const { cert, key, headers } = options;
  return { authorization: headers['Authorization'], tls: cert === undefined ? {} : { cert, key } };
}

/** Logs in by client-node: OIDC and the other auth providers of kubeconfigs. */
export async function helperLogin(
  login: HelperLogin,
): Promise<Pick<Endpoint, 'authorization'> & { tls: Pick<TlsSettings, 'cert' | 'key'> }> {
  let config = await loadLogin(login);
  const first = await askHelper(config, login.cluster.name);
  const renewed = renewedAuthorization(async () => (await askHelper(config, login.cluster.name)).authorization, {
    lifetimeMs,
  });
  const authorization: Endpoint['authorization'] = async (renew) => {
    // A new KubeConfig forgets a cached credential that has no expiry but was refused.
    if (renew) config = await loadLogin(login);
    return renewed(renew);
  };
  return { authorization, tls: first.tls };
}
