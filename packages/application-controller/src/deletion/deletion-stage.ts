import type { KubeClient, SecretMask } from '@plumbline/cluster';
import type { Destination } from '../destination/destinations.ts';
import type { DeletionGateOptions } from '../operation/deletion-gate.ts';
import type { Pass, Step } from '../pass.ts';
import type { TargetLoader } from '../target/target-state.ts';

/** What carrying out a deletion needs. */
export interface DeletionOptions {
  /** The control plane's: of the Application itself. */
  client: KubeClient;
  mask: SecretMask;
  loader: TargetLoader;
  /** Renders the sources: hooks of the deletion are among them. */
  loadTarget: Step;
  clock(): number;
  /** The budgets, and the Applications that may have what is to go. */
  gate?: DeletionGateOptions;
  /** The destination as writes go to it: perhaps as another user. Default: as it is. Throws where that user is not known. */
  acting?(pass: Pass, destination: Destination): Destination;
}

/** How far a stage of a deletion is. */
export type Stage =
  | { kind: 'done' }
  /** On its way: the live state wakes the Application again. */
  | { kind: 'going' }
  /** For something that people or other programs do, as long as it takes. */
  | { kind: 'waiting'; message: string }
  /** Something stands in the way: it is tried again, for a bounded time; the Application's own word on that counts first. */
  | { kind: 'hindered'; messages: readonly string[]; timeoutMs?: number };

/** One stage; it does what can be done now. */
export type StageOf = (pass: Pass, options: DeletionOptions) => Promise<Stage>;
