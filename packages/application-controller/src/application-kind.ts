import { applicationGroup } from '@plumbline/apis';
import type { GroupKind } from '@plumbline/manifests';

/** Whether an object is an Application: a child in an app of apps. */
export function isApplicationKind({ group, kind }: GroupKind): boolean {
  return group === applicationGroup && kind === 'Application';
}
