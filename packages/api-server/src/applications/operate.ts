import { type Application, type Operation, ownAnnotations } from '@plumbline/apis';
import { traceparent } from '@plumbline/telemetry';
import { apiFailure } from '../http/api-failure.ts';
import { patchApplication } from './change.ts';
import type { ApplicationName, ApplicationParts } from './lookup.ts';

/**
 * Requests an operation: sets `.operation` and clears `status.operationState` in one write (reference §1.4), so that
 * the state of an earlier operation is never taken for this one's.
 */
export function startOperation(
  parts: ApplicationParts,
  asked: ApplicationName,
  operationFor: (application: Application) => Operation,
): Promise<Application> {
  const trace = traceparent();
  return patchApplication(parts, asked, (fresh) => ({
    operation: operationFor(fresh),
    ...(trace ? { metadata: { annotations: { [ownAnnotations.traceparent]: trace } } } : {}),
    ...(fresh.status?.operationState ? { status: { operationState: null } } : {}),
  }));
}

/** Asks the controller to stop the running operation. Throws InvalidArgument where none runs. */
export async function terminateOperation(parts: ApplicationParts, asked: ApplicationName): Promise<void> {
  await patchApplication(parts, asked, (fresh) => {
    const phase = fresh.status?.operationState?.phase;
    if (!fresh.operation || (phase !== 'Running' && phase !== 'Terminating')) {
      throw apiFailure('InvalidArgument', 'Unable to terminate operation. No operation is in progress');
    }
    return phase === 'Terminating' ? undefined : { status: { operationState: { phase: 'Terminating' } } };
  });
}
