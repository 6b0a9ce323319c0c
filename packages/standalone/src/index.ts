export { type DemoOptions, demo } from './demo/demo.ts';
export type { UpOptions } from './options.ts';
export { type PluginServerCommandOptions, pluginServer } from './plugin-server.ts';
export type { ReadyFile } from './ready-file.ts';
export { type Installation, startInstallation, up } from './up.ts';
