import { errorMessage } from '@plumbline/errors';
import { configFromEnv } from './config.ts';
import { start } from './start.ts';

async function main(): Promise<void> {
  const server = await start(configFromEnv(process.env));
  const end = (): void => {
    server.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

main().catch((error: unknown) => {
  console.error(`api-server: ${errorMessage(error)}`);
  process.exit(1);
});
