import type { ToolName } from './catalog.ts';

/**
 * `found` on PATH, `cached` from an earlier build, `waiting` for the build of another process, `building` (told again
 * every ten seconds) then `built`, `installing` by the system's package manager then `installed`.
 */
export type ToolStage = 'found' | 'cached' | 'waiting' | 'building' | 'built' | 'installing' | 'installed';

/** One step of getting a tool. `seconds` have passed since work on this tool began. */
export interface ToolProgress {
  tool: ToolName;
  stage: ToolStage;
  seconds: number;
  version: string;
}

export type ToolProgressListener = (event: ToolProgress) => void;

/** One plain line for a person, or undefined where there is nothing worth saying (tools that were there already). */
export function toolProgressLine(event: ToolProgress): string | undefined {
  const name = `${event.tool} ${event.version}`;
  const took = `${event.seconds.toFixed(0)} s`;
  switch (event.stage) {
    case 'found':
    case 'cached':
      return undefined;
    case 'waiting':
      return `waiting for another process that builds (${name})`;
    case 'building':
      return event.seconds < 1
        ? `building ${name} (once; minutes on a fresh machine)`
        : `building ${name}: ${took} so far`;
    case 'built':
      return `built ${name} in ${took}`;
    case 'installing':
      return `installing ${event.tool} (${event.version}) with apt-get`;
    case 'installed':
      return `installed ${name} in ${took}`;
    default:
      return event.stage satisfies never;
  }
}
