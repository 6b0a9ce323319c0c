import { enableCompileCache } from 'node:module';
import type { RepoServer } from './server.ts';

// Before the first import that matters: it halves the start, and the TypeScript stripper (30 MB) stays unloaded.
enableCompileCache();
const [{ errorMessage }, { readConfig }, { start }] = await Promise.all([
  import('@plumbline/errors'),
  import('./config.ts'),
  import('./server.ts'),
]);

/** What a repo-server tells the process that started it, once, when it is ready. */
interface ReadyMessage {
  metricsUrl: string;
  pid: number;
}

function fail(error: unknown): never {
  console.error(`repo-server: ${errorMessage(error)}`);
  process.exit(1);
}

async function main(): Promise<void> {
  let server: RepoServer | undefined;
  const end = () => {
    if (!server) process.exit(0);
    server.close().then(() => process.exit(0), fail);
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  // The parent is gone: nobody else would end this process.
  process.once('disconnect', end);
  server = await start(readConfig(process.argv.slice(2), process.env));
  const ready: ReadyMessage = { metricsUrl: server.metricsUrl, pid: process.pid };
  process.send?.(ready);
}

main().catch(fail);
