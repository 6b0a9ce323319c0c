import { setTimeout as sleep } from 'node:timers/promises';
import type { Application } from '@plumbline/apis';
import { type ApiClient, ApiError } from '@plumbline/protocol';

const pauseMs = 1_000;

/** Whether asking again may help: the server restarts, or a proxy ended the stream. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500 || error.status === 429;
}

/**
 * An Application now and after each change; `undefined` once it is gone, then it ends. Streams that break are opened again
 * until the signal aborts; a refusal is thrown.
 */
export async function* watchApp(
  client: ApiClient,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Application | undefined> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      // Tells a refusal, which the stream cannot: it only shows Applications that are there.
      const application = await client.call('getApplication', { params: { name }, signal });
      yield application;
      // With the version the stream also tells of a deletion that comes before it opens.
      const { resourceVersion } = application.metadata;
      const query = { name, ...(resourceVersion ? { resourceVersion } : {}) };
      for await (const event of client.stream('watchApplications', { query, signal })) {
        failures = 0;
        if (event.type === 'DELETED') {
          yield undefined;
          return;
        }
        yield event.application;
      }
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      if (!isPassing(error) || failures > 30) throw error;
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
