import type { KubeObject } from '@plumbline/manifests';
import type { HealthCheck } from './health-check.ts';
import { type Condition, conditionsOf, textAt, trueAt } from './read.ts';
import type { HealthStatus, HealthStatusCode } from './types.ts';
import { progressing, suspended, verdict } from './verdict.ts';

/** A part of a check: a verdict, or undefined to leave the decision to the next part. */
export type Step = (object: KubeObject) => HealthStatus | undefined;

/** What a condition of a type and status means. */
export interface Meaning {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  verdict: HealthStatusCode;
  /** Default: the condition's own message. */
  message?: string;
}

/** The check of a kind: the first step that decides; while none does, the object is Progressing. */
export function firstOf(waiting: string, ...steps: readonly Step[]): HealthCheck {
  return (object) => {
    for (const step of steps) {
      const decided = step(object);
      if (decided) return decided;
    }
    return progressing(waiting);
  };
}

/** The first condition, in the object's order, that has a meaning here. */
export function byConditions(...meanings: readonly Meaning[]): Step {
  return (object) => {
    for (const condition of conditionsOf(object)) {
      const found = meanings.find(({ type, status }) => type === condition.type && status === condition.status);
      if (found) return verdict(found.verdict, found.message ?? condition.message);
    }
    return undefined;
  };
}

/** A condition that is True when all is well and False when something is wrong; by default `Ready`. */
export function readiness(type = 'Ready'): Step {
  return byConditions({ type, status: 'True', verdict: 'Healthy' }, { type, status: 'False', verdict: 'Degraded' });
}

/** Suspended while the boolean at the path is true. */
export function suspendedBy(path: readonly string[], message: string): Step {
  return (object) => (trueAt(object, ...path) ? suspended(message) : undefined);
}

/** What a word in the status, usually `status.phase`, means; a word that is not listed decides nothing. */
export function byWord(
  path: readonly string[],
  meanings: Readonly<Record<string, HealthStatusCode>>,
  message: (word: string, object: KubeObject) => string = (word) => word,
): Step {
  return (object) => {
    const word = textAt(object, ...path);
    const meaning = Object.hasOwn(meanings, word) ? meanings[word] : undefined;
    return meaning ? verdict(meaning, message(word, object)) : undefined;
  };
}

/** The message of a condition, its reason where it has none. */
export function explain({ message, reason, type }: Condition): string {
  return message || reason || type;
}
