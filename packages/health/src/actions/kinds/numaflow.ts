import type { KubeObject } from '@plumbline/manifests';
import { fieldsAt, listAt, textAt } from '../../read.ts';
import { setting } from '../action-parts.ts';
import { patched, withField } from '../edit-object.ts';
import type { BuiltInAction } from '../types.ts';

const icon = (name: string) => `fa-solid fa-fw fa-${name}`;
const upgrade = 'numaplane.numaproj.io/upgrade-state';
const forced = 'numaplane.numaproj.io/force-promote';
const strategies = 'numaflow.numaproj.io/allowed-resume-strategies';
const resumeStrategy = ['metadata', 'annotations', 'numaflow.numaproj.io/resume-strategy'] as const;

/** Where a kind keeps what runs, and how it is told how fast to go on. */
interface Pausable {
  /** The path of what has a `lifecycle`. */
  spec: readonly string[];
  /** The path of the metadata that says how it may go on. */
  metadata: readonly string[];
  /** Who may pause it; default: everybody. */
  allowed?: (object: KubeObject) => boolean;
  gradual: (object: KubeObject) => KubeObject;
  fast: (object: KubeObject) => KubeObject;
}

function isPaused(object: KubeObject, { spec }: Pausable): boolean {
  return textAt(object, ...spec, 'lifecycle', 'desiredPhase') === 'Paused';
}

/** `pause`, `unpause-gradual` and `unpause-fast`; without a word about it, it goes on gradually. */
function pauses(kind: Pausable): BuiltInAction[] {
  const may = (object: KubeObject) => kind.allowed?.(object) ?? true;
  const strategyOf = (object: KubeObject) => textAt(object, ...kind.metadata, 'annotations', strategies);
  const goOn = (name: string, fits: (strategy: string) => boolean, change: Pausable['fast']): BuiltInAction => ({
    name: `unpause-${name}`,
    offer: (object) => ({
      disabled: !(may(object) && isPaused(object, kind) && fits(strategyOf(object))),
      displayName: `Unpause (${name})`,
      iconClass: icon('play'),
    }),
    run: (object) => patched(change(withField(object, [...kind.spec, 'lifecycle', 'desiredPhase'], 'Running'))),
  });
  return [
    setting('pause', [...kind.spec, 'lifecycle', 'desiredPhase'], {
      value: () => 'Paused',
      offer: (object) => ({ disabled: !may(object) || isPaused(object, kind), iconClass: icon('pause') }),
    }),
    goOn('gradual', (strategy) => strategy !== 'fast', kind.gradual),
    goOn('fast', (strategy) => strategy === 'fast' || strategy === 'slow, fast', kind.fast),
  ];
}

function stateOf({ metadata }: KubeObject): string {
  return metadata.labels?.[upgrade] ?? '';
}

function forcePromote(displayName?: string): BuiltInAction {
  return setting('force-promote', ['metadata', 'labels', forced], {
    value: () => 'true',
    offer: (object) => ({
      disabled: !/^(in-progress|trial)$/.test(stateOf(object)) || object.metadata.labels?.[forced] === 'true',
      iconClass: icon('forward'),
      ...(displayName ? { displayName } : {}),
    }),
  });
}

/** What a rollout of Numaplane owns is not paused by hand: the rollout would undo it. */
const ownedBy = (object: KubeObject, kind: string) =>
  listAt(object, 'metadata', 'ownerReferences').some((owner) => owner['kind'] === kind);

const own = { spec: ['spec'], metadata: ['spec', 'metadata'] };

export const interStepBufferServiceActions: readonly BuiltInAction[] = [forcePromote()];

export const monoVertexActions: readonly BuiltInAction[] = [
  ...pauses({
    ...own,
    allowed: (object) => !ownedBy(object, 'MonoVertexRollout'),
    gradual: (object) => withField(object, ['spec', 'replicas'], undefined),
    fast: (object) => object,
  }),
  forcePromote('Force Promote'),
];

const recyclable = /^recyclable(-expired)?$/;

export const numaflowPipelineActions: readonly BuiltInAction[] = [
  ...pauses({
    ...own,
    allowed: (object) => !ownedBy(object, 'PipelineRollout') || stateOf(object) === 'recyclable-expired',
    gradual: (object) => withField(object, resumeStrategy, 'slow'),
    fast: (object) => withField(object, resumeStrategy, 'fast'),
  }),
  forcePromote('Force Promote'),
  setting('delete', ['metadata', 'annotations', 'numaplane.numaproj.io/marked-for-deletion'], {
    value: () => 'true',
    offer: (object) => ({
      disabled: !recyclable.test(stateOf(object)),
      displayName: 'Delete',
      iconClass: icon('trash'),
    }),
  }),
];

/** Rollouts hold what runs at `spec.<child>`. */
function rolloutPauses(child: string): BuiltInAction[] {
  const resume = (fast: boolean) => (object: KubeObject) =>
    withField(object, ['spec', 'strategy', 'pauseResume', 'fastResume'], fast);
  return pauses({
    spec: ['spec', child, 'spec'],
    metadata: ['spec', child, 'metadata'],
    gradual: resume(false),
    fast: resume(true),
  });
}

const dataLoss = 'numaplane.numaproj.io/allow-data-loss';

export const monoVertexRolloutActions: readonly BuiltInAction[] = rolloutPauses('monoVertex');

export const pipelineRolloutActions: readonly BuiltInAction[] = [
  ...rolloutPauses('pipeline'),
  setting('allow-data-loss', ['metadata', 'annotations', dataLoss], {
    value: () => 'true',
    offer: (object) => ({
      disabled: fieldsAt(object, 'status')['upgradeInProgress'] !== 'PipelinePauseAndDrain',
      displayName: 'Allow (Possible) Data Loss',
      iconClass: icon('unlock'),
    }),
  }),
  setting('disallow-data-loss', ['metadata', 'annotations', dataLoss], {
    value: () => 'false',
    offer: ({ metadata }) => ({
      disabled: metadata.annotations?.[dataLoss] !== 'true',
      displayName: 'Disallow Data Loss',
      iconClass: icon('lock'),
    }),
  }),
];
