import type { GitRepository } from '@plumbline/testing';
import type { RepoServerCalls } from './repo-server-calls.ts';

/** What the workloads share: one engine, one repository of overlays and charts, the bare tools. */
export interface Setting {
  server: RepoServerCalls;
  repository: GitRepository;
  tools: { kustomize: string; helm: string };
}

/** One row of the report. */
export type Line = [what: string, figure: string, goal: string];

/** A figure as a multiple of another. */
export const times = (value: number, of: number): string => `${(value / of).toFixed(2)} ×`;
