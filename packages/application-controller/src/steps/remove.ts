import type { DeletionOptions } from '../deletion/deletion-stage.ts';
import { operationFirst } from '../deletion/operation-first.ts';
import { endAbandoned } from '../operation/rest.ts';
import type { Pass, Step } from '../pass.ts';
import { levels } from '../queue/keyed-queue.ts';
import { finalizeDeletion } from './finalize-deletion.ts';
import type { OperateOptions } from './operate-options.ts';
import { type ReportOptions, reportDeletion } from './report.ts';

/** The parts of {@link remove}. */
export interface RemoveParts {
  /** Finds the destination. */
  find: Step;
  deleting: DeletionOptions;
  operating: OperateOptions;
  reporting: ReportOptions;
  /** A whole pass as over an Application that stays. */
  goOn(pass: Pass): Promise<void>;
}

/** A pass over an Application that goes: its operation ends first, then only what hinders the deletion is reported. */
export async function remove(pass: Pass, parts: RemoveParts): Promise<void> {
  const { find, deleting, operating, reporting } = parts;
  const asked = pass.operation;
  if (await operationFirst(pass, operating)) return parts.goOn(pass);
  if (asked) {
    // What was just written is what the deletion is to begin with.
    pass.later.push({ level: levels.compare, ms: 0 });
    return;
  }
  endAbandoned(pass, operating);
  await find(pass);
  if (await finalizeDeletion(pass, deleting)) return;
  await reportDeletion(pass, reporting);
}
