/** What Git hosts prove themselves with at the webhook (reference §8.4); undefined: nothing is asked of them. */
export interface WebhookSecrets {
  github: string | undefined;
  gitlab: string | undefined;
  bitbucketUuid: string | undefined;
  bitbucketServer: string | undefined;
  gogs: string | undefined;
  azureDevOps: { username: string; password: string } | undefined;
  plain: string | undefined;
}

/** A link template (reference §10.1). */
export interface DeepLink {
  url: string;
  title: string;
  description?: string | undefined;
  iconClass?: string | undefined;
  /** An expression; absent is always. */
  if?: string | undefined;
}

/** Settings that only the API server reads (reference §10.1). */
export interface ApiSettings {
  webhook: {
    secrets: WebhookSecrets;
    /** Bytes of a body. */
    maxPayloadBytes: number;
    /** Refreshes of one event are spread over this time, ms, where they are more than the threshold. */
    refreshJitterMs: number;
    refreshJitterThreshold: number;
  };
  exec: { enabled: boolean; shells: readonly string[] };
  /** Pods whose logs are shown together. */
  maxPodLogs: number;
  badge: { enabled: boolean; url: string | undefined };
  links: { application: readonly DeepLink[]; project: readonly DeepLink[]; resource: readonly DeepLink[] };
  help: { chatUrl: string; chatText: string; binaryUrls: Readonly<Record<string, string>> };
  ui: { cssUrl: string; bannerContent: string; bannerUrl: string; bannerPermanent: boolean; bannerPosition: string };
  googleAnalytics: { trackingId: string; anonymizeUsers: boolean };
}
