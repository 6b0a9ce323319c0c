import { type Application, annotations } from '@plumbline/apis';
import type { AppRuntime } from './app-runtime.ts';
import { applicationKey } from './application-store.ts';
import type { OtherApplications } from './operation/hand-over.ts';
import { unseenAmong } from './operation/others-to-ask.ts';

export interface OtherApplicationsOptions {
  applications: { get(key: string): Application | undefined; list(): Iterable<Application> };
  runtimes: ReadonlyMap<string, AppRuntime>;
  /** Plans a comparison with what its sources have now. */
  refresh(key: string): void;
}

/** The Applications of the control plane as each of them sees the others. */
export function otherApplications({ applications, runtimes, refresh }: OtherApplicationsOptions): OtherApplications {
  const answers = (app: Application | undefined) =>
    app !== undefined && !app.metadata.deletionTimestamp && !isSkipped(app);
  const hasLooked = (app: Application) => {
    const { target, targetFailure } = runtimes.get(applicationKey(app)) ?? {};
    return target !== undefined || targetFailure !== undefined;
  };
  return {
    // One that goes takes over nothing.
    runtimes: () => [...runtimes].filter(([key]) => !applications.get(key)?.metadata.deletionTimestamp),
    refresh,
    answers: (key) => answers(applications.get(key)),
    exists: (key) => applications.get(key) !== undefined,
    unseen: (app) => unseenAmong(applications.list(), app, hasLooked).filter(answers).map(applicationKey),
  };
}

/** Whether the controller leaves the Application alone (reference §1.7). */
export function isSkipped({ metadata }: Application): boolean {
  const value = metadata.annotations?.[annotations.skipReconcile];
  return value !== undefined && ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value);
}
