export type { ActionOutcome, AppliedVerb, SyncAction } from './actions.ts';
export { type SelfHealSettings, selfHealDefaults } from './auto-sync/self-heal.ts';
export {
  type AutoSyncDecision,
  type AutoSyncInput,
  shouldAutoSync,
} from './auto-sync/should-auto-sync.ts';
export {
  budgetText,
  type DeletionBudget,
  type DeletionBudgets,
  defaultBudgets,
  parseBudget,
  parseWindowBudget,
  type WindowBudget,
} from './budget/deletion-budget.ts';
export { type DeletionQuery, type DeletionVerdict, judgeDeletions, totalWeight } from './budget/judge-deletions.ts';
export { liveWeight, planDeletions } from './budget/plan-deletions.ts';
export { type BudgetLevel, resolveBudgets } from './budget/resolve-budgets.ts';
export { type Deletion, deletionWeight } from './budget/weight.ts';
export {
  type DeletionHookStep,
  type DeletionPhase,
  type DeletionRun,
  deletionHookTasks,
  deletionPhases,
  deletionRunId,
  isDeletionHook,
  stepDeletionHooks,
} from './deletion-hooks.ts';
export { type DeletionContext, type DeletionPlan, deletionWaves } from './deletion-waves.ts';
export { displayKey, kubectlName } from './display.ts';
export { deletePoliciesOf, hookObject, hookTypesOf, isHook } from './hooks.ts';
export { isApproved, type ObservedObject, type ObservedState } from './observed.ts';
export { isSyncPhase, phaseOrder } from './phase-order.ts';
export { buildPlan } from './plan/build-plan.ts';
export { isSelective } from './plan/build-tasks.ts';
export type { PlanContext } from './plan/plan-context.ts';
export {
  changedSince,
  type PlannedAction,
  type PlannedTask,
  type PlanPreview,
  type PreviewFacts,
  previewPlan,
} from './plan/preview.ts';
export { pruneWavesOf } from './plan/prune-waves.ts';
export { resumeProgress, type SyncMemory, type SyncProgress } from './progress.ts';
export { recordOutcomes } from './record-outcomes.ts';
export { decideRetry, type RetryDecision, retryDelay } from './retry.ts';
export { hookPhase } from './step/assess-running.ts';
export { type SyncStep, stepOperation } from './step/step-operation.ts';
export type { StepInput } from './step/step-state.ts';
export {
  asksForConfirmation,
  keptByHelm,
  mergedSyncOptions,
  parseSyncOptions,
  resourceSyncOptions,
  type SyncOptions,
  taskOptions,
} from './sync-options.ts';
export { resultId, taskId } from './task-id.ts';
export type {
  HookDeletePolicy,
  HookType,
  LiveObject,
  OperationPhase,
  ResourceResult,
  ResultCode,
  SyncPair,
  SyncPhase,
  SyncPlan,
  SyncRequest,
  SyncTask,
  TaskAction,
  TaskOptions,
} from './types.ts';
export { waveOf } from './wave.ts';
