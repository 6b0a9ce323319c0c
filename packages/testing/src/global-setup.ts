import type { TestProject } from 'vitest/node';
import { type PartsServer, startPartsServer } from './cluster/parts-server.ts';

interface Shared {
  server: Promise<PartsServer>;
  users: number;
}

/** Vitest loads this module once per project; the parts are for the whole run. */
const registry = globalThis as { [key: symbol]: Shared | undefined };
const key = Symbol.for('plumbline.testing.parts');

/** Vitest's global set-up: one control plane and one Redis per run, started by the first test that asks. */
export async function setup(project: TestProject): Promise<void> {
  registry[key] ??= { server: startPartsServer(), users: 0 };
  const shared = registry[key];
  shared.users += 1;
  project.provide('plumblineParts', (await shared.server).socket);
}

/** The last project stops them and removes their files. */
export async function teardown(): Promise<void> {
  const shared = registry[key];
  if (!shared) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  registry[key] = undefined;
  await (await shared.server).close();
}
