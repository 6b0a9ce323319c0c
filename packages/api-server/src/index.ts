export type { ResolveDestination } from './applications/validate.ts';
export { type ApiServerConfig, configFromEnv } from './config.ts';
export { type ApiServer, type ApiServerParts, type ServeOptions, serveApi } from './server.ts';
export type { AccountSettings } from './session/user.ts';
export { start } from './start.ts';
