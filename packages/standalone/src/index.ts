export { type DemoOptions, demo } from './demo/demo.ts';
export { localTools } from './local-tools.ts';
export type { UpOptions } from './options.ts';
export { type PluginServerCommandOptions, pluginServer } from './plugin-server.ts';
export type { ReadyFile } from './ready-file.ts';
export { type Installation, startInstallation, up } from './up.ts';
