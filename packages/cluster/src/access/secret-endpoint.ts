import { PlumblineError } from '@plumbline/errors';
import type { ClusterAccess } from '../types.ts';
import { type AwsAuthConfig, awsLogin, type ExecConfig } from './aws-login.ts';
import { type Endpoint, fixedAuthorization, type TlsSettings } from './endpoint.ts';
import { execLogin } from './exec-login.ts';

type SecretAccess = Extract<ClusterAccess, { kind: 'secret' }>;

/** The `config` of a cluster Secret (reference §10.5). */
interface ClusterConfig {
  username?: string;
  password?: string;
  bearerToken?: string;
  proxyUrl?: string;
  tlsClientConfig?: {
    insecure?: boolean;
    serverName?: string;
    caData?: string;
    certData?: string;
    keyData?: string;
  };
  awsAuthConfig?: AwsAuthConfig;
  execProviderConfig?: ExecConfig;
}

function refuse(name: string, why: string, hint: string): never {
  throw new PlumblineError('KUBE_CONFIG', `the configuration of cluster "${name}" is not usable: ${why}`, { hint });
}

function tlsOf(name: string, config: NonNullable<ClusterConfig['tlsClientConfig']>): TlsSettings {
  const { insecure, serverName, caData, certData, keyData } = config;
  if (insecure && caData) {
    refuse(name, 'tlsClientConfig has both "insecure" and "caData"', 'remove one of them');
  }
  const decode = (data: string) => Buffer.from(data, 'base64');
  return {
    ...(caData ? { ca: decode(caData) } : {}),
    ...(certData ? { cert: decode(certData) } : {}),
    ...(keyData ? { key: decode(keyData) } : {}),
    ...(serverName ? { servername: serverName } : {}),
    ...(insecure ? { rejectUnauthorized: false } : {}),
  };
}

/** Reads a cluster Secret's server and config. Contradictions and unsupported logins are `KUBE_CONFIG`. */
export async function secretEndpoint({ name, server, config: raw }: SecretAccess): Promise<Endpoint> {
  const config = raw as ClusterConfig;
  const tls = tlsOf(name, config.tlsClientConfig ?? {});
  const origin = server.replace(/\/+$/, '');
  const proxy = config.proxyUrl ? { proxyUrl: config.proxyUrl } : {};
  const { bearerToken: token, username, password } = config;
  const exec = config.awsAuthConfig ? await awsLogin(name, config.awsAuthConfig) : config.execProviderConfig;
  if (exec) {
    const env = Object.entries(exec.env ?? {}).map(([key, value]) => ({ name: key, value }));
    const login = await execLogin(name, { ...exec, env });
    return { server: origin, tls: { ...tls, ...login.tls }, ...proxy, authorization: login.authorization };
  }
  return { server: origin, tls, ...proxy, authorization: fixedAuthorization({ token, username, password }) };
}
