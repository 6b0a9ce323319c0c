export { type RepoServerConfig, readConfig } from './config.ts';
export { createRenderMetrics, type RenderMetrics, type RenderOutcome } from './render-metrics.ts';
export { createRenderService, type RenderService, type RenderServiceOptions } from './render-service.ts';
export { type RepoServer, start } from './server.ts';
