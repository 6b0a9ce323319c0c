import type { ApplicationSource } from '@plumbline/apis';
import type { ParameterAnnouncement } from '../plugin/parameter-announcement.ts';
import type { SourceType } from '../types.ts';

/** What a source can be told, for people who set its options. */
export interface SourceDetails {
  type: SourceType;
  directory?: Record<string, never>;
  kustomize?: KustomizeDetails;
  helm?: HelmDetails;
  plugin?: PluginDetails;
}

export interface KustomizeDetails {
  /** Of all containers, sorted. */
  images: string[];
}

export interface HelmDetails {
  /** Files in the chart's folder that look like values, by their path from it, sorted. */
  valueFiles: string[];
  /** The text of values.yaml; '' without one. */
  values: string;
  /** What values.yaml and the source's value files set, one by one. */
  parameters: { name: string; value: string }[];
  /** As the source has them. */
  fileParameters: { name: string; path: string }[];
}

export interface PluginDetails {
  /** What its `parameters.dynamic` prints, then `parameters.static`: of equal names the last counts. */
  parametersAnnouncement: ParameterAnnouncement[];
}

/** Ask for {@link SourceDetails} of a source at its targetRevision. */
export interface SourceDetailsRequest {
  kind: 'source-details';
  source: ApplicationSource;
  appName: string;
  project: string;
  /** Other sources of the Application that this one may refer to, by their `ref`. */
  refs?: Readonly<Record<string, { repoURL: string; targetRevision?: string; chart?: string }>>;
}
