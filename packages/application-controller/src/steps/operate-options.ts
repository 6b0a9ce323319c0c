import type { OperationState } from '@plumbline/apis';
import type { SecretMask } from '@plumbline/cluster';
import type { Destination } from '../destination/destinations.ts';
import type { OtherApplications } from '../operation/hand-over.ts';
import type { HoldRule } from '../operation/hold.ts';
import type { PrepareOptions } from '../operation/prepare-attempt.ts';
import type { Pass } from '../pass.ts';

/** What operations are carried on with. */
export interface OperateOptions extends PrepareOptions {
  mask: SecretMask;
  clock(): number;
  /** Writes the operation and its state as they stand, in the middle of a pass. */
  persist(pass: Pass): Promise<void>;
  /** An attempt is over, for good. */
  onFinished(pass: Pass, state: OperationState): void;
  /** What may be against going on, asked before every write, in this order. */
  holds: readonly HoldRule[];
  others: OtherApplications;
  /** An operation begins. */
  onStarted?(pass: Pass, state: OperationState): void;
  /** The destination as writes go to it: perhaps as another user. Default: as it is. */
  acting?(pass: Pass, destination: Destination): Destination;
  /** `controller.sync.timeout.seconds`, ms; 0 is none. */
  syncTimeoutMs(): number;
}
