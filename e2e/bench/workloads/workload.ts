import type { Bench } from '../bench.ts';
import type { Row } from '../figures.ts';

/** One piece of the benchmark: acts on the fleet and answers the rows it measured. */
export type Workload = (bench: Bench) => Promise<WorkloadResult>;

interface WorkloadResult {
  rows: Row[];
  /** Where it was measured: one bare PATCH and GET, seconds. */
  bare?: number;
}
