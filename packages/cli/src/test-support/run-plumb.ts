import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { runCli } from '../run.ts';
import { type Reply, testApi } from './api.ts';
import { fakeTerminal } from './fake-terminal.ts';

/**
 * Gives each test of a file a configuration folder of its own, which the answer names, and forgets exit code and environment
 * after it.
 */
export function useOwnConfiguration(): () => string {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'plumb-cli-'));
    process.env['PLUMB_CONFIG_DIR'] = home;
  });
  afterEach(async () => {
    for (const name of ['PLUMB_CONFIG_DIR', 'PLUMB_SERVER', 'PLUMB_AUTH_TOKEN', 'EDITOR']) delete process.env[name];
    process.exitCode = undefined;
    await rm(home, { recursive: true });
  });
  return () => home;
}

/** Runs plumb against a server with these routes, logged in. */
export async function plumb(
  routes: Record<string, Reply | (() => Reply)>,
  args: string[],
  options?: Parameters<typeof fakeTerminal>[0],
) {
  await using api = await testApi(routes);
  process.env['PLUMB_SERVER'] = api.url;
  process.env['PLUMB_AUTH_TOKEN'] = 'token';
  const { terminal, written } = fakeTerminal(options);
  const code = await runCli(args, terminal);
  process.exitCode = undefined;
  return { code, ...written, requests: api.requests };
}
