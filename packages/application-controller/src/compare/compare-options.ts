import { annotations } from '@plumbline/apis';
import { annotation, type KubeObject } from '@plumbline/manifests';

/** The words of an object's compare-options annotation (reference §1.7). */
function compareOptions(object: KubeObject): string[] {
  const text = annotation(object, annotations.compareOptions) ?? '';
  return text.split(',').map((option) => option.trim());
}

/** Whether an object that is no longer in the source leaves the Application Synced. */
export function ignoresExtraneous(object: KubeObject): boolean {
  return compareOptions(object).includes('IgnoreExtraneous');
}

/**
 * Whether what admission webhooks change counts as a difference: `IncludeMutationWebhook=true`, on an Application or on one
 * of its objects. `ServerSideDiff=…` needs no answer: every difference is decided by the server.
 */
export function countsWebhooks(object: KubeObject): boolean {
  return compareOptions(object).some((option) => option.toLowerCase() === 'includemutationwebhook=true');
}
