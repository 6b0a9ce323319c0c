import type { ObjectReader, RepositoryAccess } from '@plumbline/git';

/** A chart, or another artifact of an OCI registry, as a source or a dependency names it. */
export interface ChartReference {
  /** `https://host/path` of a Helm repository; `oci://host/path`, or `host/path`, of a registry. */
  repoURL: string;
  /** Absent: the artifact that `repoURL` itself names. */
  chart?: string;
  /** A version, or a semver constraint; of an artifact also a tag or a digest. */
  version: string;
  /** Whose credentials are used. */
  project: string;
  /** Show credentials to every host that archives come from. */
  passCredentials?: boolean;
}

export interface ChartOptions {
  signal?: AbortSignal | undefined;
  /** Ask the remote again, whatever is remembered. */
  fresh?: boolean;
}

/** A resolved chart whose archive is on this machine. */
export interface FetchedChart {
  version: string;
  /** SHA-256 of the archive, 64 hex digits. */
  digest: string;
}

/** Charts of Helm repositories and artifacts of OCI registries. Throws `CHART_*` and `DOWNLOAD_*`. */
export interface ChartSources {
  /** The version that a reference means now; of an artifact the digest of its manifest. Throws `CHART_VERSION_NOT_FOUND`, `CHART_NOT_FOUND`. */
  resolve(reference: ChartReference, options?: ChartOptions): Promise<string>;
  /** Brings the archive here, once for any number of callers. */
  fetch(reference: ChartReference, options?: ChartOptions): Promise<FetchedChart>;
  /** The files of a fetched one. Object ids are digests of content: equal ids mean equal content. */
  open(reference: ChartReference, options?: ChartOptions): Promise<ObjectReader>;
  /** Where a fetched archive lies; undefined where it is not here (any more). Link to it or open it at once. */
  archive(digest: string): Promise<string | undefined>;
  /** Annotations of an artifact's manifest; none of what lies in no registry. */
  annotations(reference: ChartReference, options?: ChartOptions): Promise<Readonly<Record<string, string>>>;
  /** Everything that a Helm repository has, in the order of its index. */
  charts(place: ChartPlace, options?: ChartOptions): Promise<ChartVersions[]>;
  /** The tags of a repository in a registry. Throws `CHART_NOT_FOUND`. */
  tags(place: ChartPlace, options?: ChartOptions): Promise<string[]>;
  /** Whether the registry answers and takes the credentials; the artifact itself need not be there. */
  checkRegistry(place: ChartPlace, options?: ChartOptions): Promise<void>;
}

/** A repository or registry, for whom it is asked, and how, where that is not as the settings have it. */
export interface ChartPlace {
  repoURL: string;
  project: string;
  access?: ChartAccess;
}

/** A chart and its versions. */
export interface ChartVersions {
  name: string;
  versions: string[];
}

/** How to reach a repository or registry. */
export type ChartAccess = RepositoryAccess;

/** Where a chart can be had. */
export interface LocatedChart {
  version: string;
  /** A chart, whose files lie in one folder of the archive. */
  isChart: boolean;
  /** Names the content for those who may read it: a URL with the digest, if one is known. */
  key: string;
  /** Downloads the archive and checks it against the digest that the repository gives. */
  download(options: ChartOptions): Promise<Buffer>;
}

/** One kind of repository. */
export interface ChartRepository {
  /** What the manifest of an artifact says beside its content; absent where there are no artifacts. */
  annotations?(
    reference: ChartReference,
    access: ChartAccess,
    options: ChartOptions,
  ): Promise<Readonly<Record<string, string>>>;
  /** All charts; absent where they cannot be listed. */
  charts?(access: ChartAccess, options: ChartOptions): Promise<ChartVersions[]>;
  /** All tags; absent where there are none. */
  tags?(repoURL: string, access: ChartAccess, options: ChartOptions): Promise<string[]>;
  /** Asks for no artifact; absent where there is no registry. */
  check?(repoURL: string, access: ChartAccess, options: ChartOptions): Promise<void>;
  resolve(reference: ChartReference, access: ChartAccess, options: ChartOptions): Promise<string>;
  locate(reference: ChartReference, access: ChartAccess, options: ChartOptions): Promise<LocatedChart>;
}
