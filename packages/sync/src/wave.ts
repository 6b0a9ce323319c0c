import { annotations } from '@plumbline/apis';
import { annotation, type KubeObject } from '@plumbline/manifests';

const wholeNumber = /^[+-]?\d+$/;

/** The wave of an object: its sync-wave annotation, else Helm's hook weight, else 0. What is no whole number is skipped. */
export function waveOf(object: KubeObject): number {
  return (
    parseWave(annotation(object, annotations.syncWave)) ??
    parseWave(annotation(object, annotations.helmHookWeight)) ??
    0
  );
}

function parseWave(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  return wholeNumber.test(trimmed) ? Number(trimmed) : undefined;
}
