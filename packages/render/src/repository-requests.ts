/** What the API server asks of repositories themselves, over the queue `render`. No credentials travel on it. */
export type RepositoryType = 'git' | 'helm' | 'oci';

interface AboutRepository {
  repoURL: string;
  project: string;
}

/** Can the repository be read? Throws what reading it throws. */
export interface RepositoryTestRequest extends AboutRepository {
  kind: 'repository-test';
  type: RepositoryType;
  /** A Helm repository in an OCI registry. */
  enableOCI?: boolean;
  /**
   * Key in the sealed cache of the `RepositoryAccess` to try, as JSON: for credentials that are not stored yet. Absent: as the
   * settings have it.
   */
  accessKey?: string;
}

/** The names of all branches and tags. */
export interface RepositoryRefsRequest extends AboutRepository {
  kind: 'repository-refs';
}

/** The charts of a Helm repository with their versions. */
export interface RepositoryChartsRequest extends AboutRepository {
  kind: 'repository-charts';
}

/** The tags of a repository in an OCI registry. */
export interface RepositoryTagsRequest extends AboutRepository {
  kind: 'repository-tags';
}

/** The folders that hold something to render with a tool, and which. */
export interface RepositoryAppsRequest extends AboutRepository {
  kind: 'repository-apps';
  /** As a targetRevision. */
  revision: string;
}

/** The names of the config management plugins that a repo-server has. */
export interface PluginNamesRequest {
  kind: 'plugins';
}
export interface PluginNames {
  plugins: string[];
}

export type RepositoryQuestion =
  | RepositoryTestRequest
  | RepositoryRefsRequest
  | RepositoryChartsRequest
  | RepositoryTagsRequest
  | RepositoryAppsRequest;

export interface RepositoryTestResult {
  readable: true;
}
export interface RepositoryRefs {
  branches: string[];
  tags: string[];
}
export interface RepositoryCharts {
  charts: { name: string; versions: string[] }[];
}
export interface RepositoryTags {
  tags: string[];
}
export interface RepositoryApps {
  apps: { path: string; type: 'Helm' | 'Kustomize' }[];
}

export type RepositoryAnswer =
  | RepositoryTestResult
  | RepositoryRefs
  | RepositoryCharts
  | RepositoryTags
  | RepositoryApps;
