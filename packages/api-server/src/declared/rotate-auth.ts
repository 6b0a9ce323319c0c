import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '@plumbline/cluster';
import type { ClusterConfig } from '@plumbline/protocol';
import { decodeJwt } from 'jose';
import { apiFailure } from '../http/api-failure.ts';

/** Where a service account's token is kept. */
interface TokenPlace {
  namespace: string;
  account: string;
  secret: string;
}

const patienceMs = 15_000;
const pauseMs = 100;

/** Only tokens that live in a Secret can be exchanged: others end by themselves. */
function placeOf(token: string): TokenPlace {
  const claims = (() => {
    try {
      return decodeJwt(token);
    } catch {
      return {};
    }
  })();
  const text = (name: string): string => {
    const value: unknown = claims[`kubernetes.io/serviceaccount/${name}`];
    return typeof value === 'string' ? value : '';
  };
  const place = { namespace: text('namespace'), account: text('service-account.name'), secret: text('secret.name') };
  if (place.namespace && place.account && place.secret) return place;
  throw apiFailure(
    'FailedPrecondition',
    'the credentials of the cluster are no token of a service account that is kept in a Secret: give it new ones with an update',
  );
}

async function issuedToken(client: KubeClient, ref: { namespace: string; name: string }): Promise<string> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await client.get({ apiVersion: 'v1', kind: 'Secret', ...ref });
    const { data } = found;
    const token: unknown = typeof data === 'object' && data !== null && 'token' in data ? data.token : undefined;
    if (typeof token === 'string' && token !== '') return Buffer.from(token, 'base64').toString('utf8');
    if (performance.now() > deadline) {
      throw apiFailure('DeadlineExceeded', `the cluster issued no token within ${patienceMs / 1000} s`);
    }
    await sleep(pauseMs);
  }
}

/** A new token for the same service account. The former one goes on working until `forgetFormer`. */
export async function rotatedConfig(
  client: KubeClient,
  config: ClusterConfig,
): Promise<{ config: ClusterConfig; forgetFormer(): Promise<void> }> {
  const { namespace, account, secret } = placeOf(config.bearerToken ?? '');
  const made = await client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/service-account-token',
    metadata: {
      generateName: `${account}-token-`,
      namespace,
      annotations: { 'kubernetes.io/service-account.name': account },
    },
  });
  const bearerToken = await issuedToken(client, { namespace, name: made.metadata.name ?? '' });
  return {
    config: { ...config, bearerToken },
    async forgetFormer() {
      const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: secret };
      await client.delete(ref, { propagationPolicy: 'Background' });
    },
  };
}
