/** How a provider's own endpoints are reached, where that is not as its issuer says. */
export interface ProviderRoute {
  /** What stands in for the issuer's origin, for example `http://argocd-dex-server:5556`; undefined: nothing. */
  origin: string | undefined;
  /** PEM of an authority that is trusted besides the known ones. */
  certificateAuthority: string | undefined;
  /** False: any certificate will do. */
  verifyCertificate: boolean;
}

/** dex, which is reached over `/api/dex` of the API server (reference §8.3, §10.1 `dex.config`). */
export interface DexSettings {
  connectors: readonly { id: string; name: string; type: string }[];
  /** URL of dex itself. */
  address: string;
  /** False: any certificate will do. */
  verifyCertificate: boolean;
  /** The connector that a log-in goes to at once; undefined: dex asks. */
  connectorId: string | undefined;
  /** What dex is started with: the users' part, references filled in, and ours. Holds credentials: never log it. */
  configuration: Record<string, unknown>;
}
