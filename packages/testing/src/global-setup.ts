import type { TestProject } from 'vitest/node';
import { type PartsServer, startPartsServer } from './cluster/parts-server.ts';

let server: PartsServer | undefined;

/** Vitest's global set-up: one control plane and one Redis per run, started by the first test that asks. */
export async function setup(project: TestProject): Promise<void> {
  server = await startPartsServer();
  project.provide('plumblineParts', server.socket);
}

/** Stops them and removes their files. */
export async function teardown(): Promise<void> {
  await server?.close();
  server = undefined;
}
