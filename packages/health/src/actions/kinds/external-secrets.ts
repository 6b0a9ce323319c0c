import { textAt } from '../../read.ts';
import { setting } from '../action-parts.ts';
import { timestamp } from '../edit-object.ts';
import type { BuiltInAction } from '../types.ts';

/** An interval of zero means: never again. */
const never = /^0(ns|us|µs|ms|s|m|h)?$/;
const forceSync = ['metadata', 'annotations', 'force-sync'] as const;

/** Fetches the values now. */
export const externalSecretActions: readonly BuiltInAction[] = [
  setting('refresh', forceSync, {
    value: ({ now }) => timestamp(now),
    offer: (object) => ({
      disabled:
        never.test(textAt(object, 'spec', 'refreshInterval')) && textAt(object, 'spec', 'refreshPolicy') !== 'OnChange',
    }),
  }),
];

/** Pushes the values now. */
export const pushSecretActions: readonly BuiltInAction[] = [
  setting('push', forceSync, {
    value: ({ now }) => timestamp(now),
    offer: (object) => ({ disabled: never.test(textAt(object, 'spec', 'refreshInterval')) }),
  }),
];
