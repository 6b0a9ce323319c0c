import { type HealthCheckEntries, sameFor } from '../../entries.ts';
import type { HealthCheck } from '../../health-check.ts';
import { fieldsAt, textAt } from '../../read.ts';
import { byWord, firstOf, readiness } from '../../steps.ts';
import { degraded, healthy, progressing, suspended } from '../../verdict.ts';

const group = 'astra.netapp.io';
const waiting = 'Waiting for a status';

/** Work that runs once: every state but these two is a failure. */
const work: HealthCheck = (object) => {
  const state = textAt(object, 'status', 'state');
  if (state === 'Completed') return healthy(state);
  return state === '' || state === 'Running' ? progressing(state || waiting) : degraded(state);
};

const vault = firstOf(
  waiting,
  byWord(['status', 'state'], { available: 'Healthy', Available: 'Healthy', failed: 'Degraded', Failed: 'Degraded' }),
);

/** A hook is there to be run later; what is switched off is on hold. */
const hook: HealthCheck = (object) => {
  const { enabled } = fieldsAt(object, 'spec');
  if (enabled === true) return healthy('Enabled');
  return enabled === false ? suspended('Disabled') : progressing(waiting);
};

const schedule: HealthCheck = (object) => {
  const last = textAt(object, 'status', 'lastScheduleTime');
  return healthy(last ? `Last run: ${last}` : 'Not yet run');
};

/** Astra Control: applications, their protection and where it is kept. */
export const astraChecks: HealthCheckEntries = [
  ...sameFor(group, ['Backup', 'ExecHooksRun', 'ResourceBackup', 'ResticVolumeBackup', 'Snapshot'], work),
  [`${group}/AppVault`, vault],
  [`${group}/Application`, firstOf(waiting, readiness())],
  [`${group}/ExecHook`, hook],
  [`${group}/Schedule`, schedule],
];
