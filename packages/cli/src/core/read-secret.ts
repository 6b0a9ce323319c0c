import type { KubeClient } from '@plumbline/cluster';

/** The decoded values of a Secret; undefined where there is none. */
export async function readSecret(
  client: KubeClient,
  { namespace, name }: { namespace: string; name: string },
): Promise<Record<string, string> | undefined> {
  const secret = await client.find({ apiVersion: 'v1', kind: 'Secret', name, namespace });
  const data: unknown = secret?.['data'];
  if (!secret) return undefined;
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString('utf8')]),
  );
}
