import { servePlugin } from '@plumbline/render/plugin-server';
import { createLogger } from '@plumbline/telemetry/logger';
import { untilSignal } from './until-signal.ts';

/** Options of `plumb plugin-server`. */
export interface PluginServerCommandOptions {
  /** A `ConfigManagementPlugin`. */
  config: string;
  socketDir: string;
}

/** `plumb plugin-server`: runs until SIGINT or SIGTERM. Its log is standard error. */
export async function pluginServer({ config, socketDir }: PluginServerCommandOptions): Promise<void> {
  const logger = createLogger({ service: 'plugin-server' });
  const ended = untilSignal();
  const server = await servePlugin({ configFile: config, socketDir, environment: process.env, logger });
  await ended.promise;
  await server.close();
}
