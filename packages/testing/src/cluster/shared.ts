import { request } from 'node:http';
import { PlumblineError } from '@plumbline/errors';
import { inject } from 'vitest';
import { createSharedParts, type SharedControlPlane, type SharedParts } from './shared-parts.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the socket that the global set-up listens on. */
    plumblineParts: string;
  }
}

let own: SharedParts | undefined;

/**
 * The control plane of this test run, with the CRDs of `deploy/crds`: started at the first call, shared by all test
 * files where `@plumbline/testing/global-setup` is configured, else by the tests of this process.
 * Give the hook or test that calls it first a timeout of some minutes: tools may have to be built.
 */
export async function sharedControlPlane(): Promise<SharedControlPlane> {
  const socket = partsSocket();
  return socket ? ((await ask(socket, '/control-plane')) as SharedControlPlane) : ownParts().controlPlane();
}

/** URL of the Redis of this test run (see {@link sharedControlPlane}). Use a key prefix of your own. */
export async function sharedRedis(): Promise<string> {
  const socket = partsSocket();
  return socket ? ((await ask(socket, '/redis')) as string) : ownParts().redis();
}

function partsSocket(): string | undefined {
  return inject('plumblineParts');
}

function ownParts(): SharedParts {
  own ??= createSharedParts();
  return own;
}

function ask(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { answer, error } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
        if (error) reject(new PlumblineError('TESTING_PARTS', String(error)));
        else resolve(answer);
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
