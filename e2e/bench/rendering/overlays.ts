import { randomBytes } from 'node:crypto';
import { configMap, deployment, type GitRepository } from '@plumbline/testing';

/** 1,000 overlays on 20 bases: 50 to a base. */
export const overlayCount = 1_000;
const baseCount = 20;

/** A running engine must not know the content from the last time. */
const run = randomBytes(4).toString('hex');

const base = (index: number): string => `bases/base-${String(index % baseCount).padStart(2, '0')}`;

/** Folder of an overlay. */
export const overlay = (index: number): string => `overlays/app-${String(index).padStart(4, '0')}`;

/** Writes one base; `round` changes what it renders. */
export function writeBase(repository: GitRepository, index: number, round: number): void {
  repository
    .write(`${base(index)}/kustomization.yaml`, { resources: ['all.yaml'] })
    .write(`${base(index)}/all.yaml`, [deployment('web', `example/app:${round}`), configMap('settings', { run })]);
}

/** Writes one overlay; `round` changes what it renders. */
export function writeOverlay(repository: GitRepository, index: number, round: number): void {
  repository.write(`${overlay(index)}/kustomization.yaml`, {
    namePrefix: `app-${index}-`,
    resources: [`../../${base(index)}`],
    commonAnnotations: { round: `${run} ${round}` },
  });
}

/** Writes all of them. */
export function writeAll(repository: GitRepository): void {
  for (let index = 0; index < baseCount; index += 1) writeBase(repository, index, 0);
  for (let index = 0; index < overlayCount; index += 1) writeOverlay(repository, index, 0);
}
