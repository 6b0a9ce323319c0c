import { createLogger } from '@plumbline/telemetry';
import { servePlugin } from '../plugin-server/serve-plugin.ts';

/** A plugin server as a process of its own: configuration file, folder of sockets. Tells its parent when it is ready. */
const [, , configFile = '', socketDir = ''] = process.argv;
const logger = createLogger({ service: 'plugin-server', level: 'fatal' });
const server = await servePlugin({ configFile, socketDir, environment: process.env, logger });
const end = () => void server.close().then(() => process.exit(0));
process.once('SIGTERM', end);
process.once('disconnect', end);
process.send?.('ready');
