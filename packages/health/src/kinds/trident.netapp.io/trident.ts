import type { HealthCheck } from '../../health-check.ts';
import { textAt } from '../../read.ts';
import { byWord, firstOf } from '../../steps.ts';
import { degraded, healthy, progressing } from '../../verdict.ts';

/** Whether the storage behind it could be bound. */
export const tridentBackendConfig: HealthCheck = (object) => {
  const [last, message] = [textAt(object, 'status', 'lastOperationStatus'), textAt(object, 'status', 'message')];
  if (last === 'Failed') return degraded(message);
  const bound = textAt(object, 'status', 'phase') === 'Bound' && last === 'Success';
  return bound ? healthy(message) : progressing('Waiting for the storage');
};

/** Whether Trident is installed. */
export const tridentOrchestrator: HealthCheck = firstOf(
  'Waiting for the installation',
  byWord(
    ['status', 'status'],
    { Installed: 'Healthy', Failed: 'Degraded', Error: 'Degraded' },
    (status, object) => textAt(object, 'status', 'message') || status,
  ),
);
