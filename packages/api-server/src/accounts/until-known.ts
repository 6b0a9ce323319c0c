import { setTimeout as sleep } from 'node:timers/promises';

const patienceMs = 2_000;
const everyMs = 20;

/**
 * Waits until a write of our own has come back by the watch of the settings, so that a caller can go on with what he was
 * answered. After two seconds it gives up: the write has been done all the same.
 */
export async function untilKnown(isKnown: () => boolean): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!isKnown() && Date.now() < deadline) await sleep(everyMs);
}
