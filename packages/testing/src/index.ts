export { type ApplicationOptions, application, configMap, deployment, service } from './builders.ts';
export { type MutatingWebhook, mutatingWebhook, type PatchStep } from './cluster/mutating-webhook.ts';
export { sharedControlPlane, sharedRedis } from './cluster/shared.ts';
export type { SharedControlPlane } from './cluster/shared-parts.ts';
export { type NamespaceClient, type TestNamespace, testNamespace } from './cluster/test-namespace.ts';
export { type EventuallyOptions, eventually, type NeverOptions, never } from './eventually.ts';
export {
  type GitHttpServer,
  type GitHttpServerOptions,
  type GitRequest,
  gitHttpServer,
} from './git/git-http-server.ts';
export { type FileContent, type GitRepository, gitRepository } from './git/git-repository.ts';
export { type SigningKey, type SigningKeyOptions, signHead, signingKey, signTag } from './git/signing-key.ts';
export { type IdentityProvider, type IdentityProviderOptions, identityProvider } from './identity-provider.ts';
