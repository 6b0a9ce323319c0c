import { trueAt } from '../../read.ts';
import { setting, suspension } from '../action-parts.ts';
import { timestamp } from '../edit-object.ts';
import type { BuiltInAction } from '../types.ts';

/** Objects of Flux that can only be switched off and on. */
export const fluxSwitchActions: readonly BuiltInAction[] = suspension();

/** Objects of Flux that can also be reconciled at once. */
export const fluxActions: readonly BuiltInAction[] = [
  setting('reconcile', ['metadata', 'annotations', 'reconcile.fluxcd.io/requestedAt'], {
    value: ({ now }) => `By Argo CD at: ${timestamp(now).slice(0, -1)}`,
    offer: (object) => ({ disabled: trueAt(object, 'spec', 'suspend') }),
  }),
  ...fluxSwitchActions,
];
