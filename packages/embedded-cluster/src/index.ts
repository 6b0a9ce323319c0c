export {
  type CertificateAuthority,
  type CertificatePair,
  type CertificateRequest,
  createCertificateAuthority,
} from './certificates/certificate-authority.ts';
export type { ControlPlaneTool, ControlPlaneTools } from './control-plane/components.ts';
export { type KubeconfigOptions, kubeconfigFor } from './control-plane/kubeconfig.ts';
export {
  type ControlPlane,
  type ControlPlaneOptions,
  type StartProgress,
  startControlPlane,
} from './control-plane/start-control-plane.ts';
export { createGuardian, type Guardian } from './processes/guardian.ts';
export { isRunning, startTimeOf } from './processes/process-identity.ts';
export { type RedisOptions, type RedisServer, startRedis } from './redis.ts';
export { defaultCacheFolder } from './tools/cache-folder.ts';
export { type ToolName, toolNames } from './tools/catalog.ts';
export { type EnsureToolsOptions, ensureTools } from './tools/ensure-tools.ts';
export { type ToolProgress, type ToolProgressListener, type ToolStage, toolProgressLine } from './tools/progress.ts';
