import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createCertificateAuthority } from '@plumbline/embedded-cluster';
import type { KubeObject } from '@plumbline/manifests';

/** One step of a JSON patch (RFC 6902). */
export interface PatchStep {
  op: 'add' | 'replace' | 'remove';
  path: string;
  value?: unknown;
}

/** A server for a MutatingWebhookConfiguration, on loopback. */
export interface MutatingWebhook extends AsyncDisposable {
  /** For `clientConfig.url`. */
  readonly url: string;
  /** For `clientConfig.caBundle`, base64. */
  readonly caBundle: string;
}

/** Serves admission reviews over https: `mutate` answers what to change in the object that is admitted. */
export async function mutatingWebhook(mutate: (object: KubeObject) => PatchStep[]): Promise<MutatingWebhook> {
  const authority = await createCertificateAuthority({ commonName: 'plumbline-test-webhook' });
  const { certificate: cert, key } = await authority.issue({ commonName: 'webhook', hosts: ['127.0.0.1'] });
  const server = createServer({ cert, key }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const review = JSON.parse(Buffer.concat(chunks).toString('utf8')) as AdmissionReview;
    const patch = Buffer.from(JSON.stringify(mutate(review.request.object))).toString('base64');
    const answer = { uid: review.request.uid, allowed: true, patchType: 'JSONPatch', patch };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ apiVersion: review.apiVersion, kind: review.kind, response: answer }));
  });
  await new Promise<void>((done, reject) => server.once('error', reject).listen(0, '127.0.0.1', done));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    caBundle: Buffer.from(authority.certificate).toString('base64'),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

interface AdmissionReview {
  apiVersion: string;
  kind: string;
  request: { uid: string; object: KubeObject };
}
