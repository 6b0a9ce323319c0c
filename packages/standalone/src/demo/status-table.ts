import type { Application } from '@plumbline/apis';

/** One row of the table. */
export interface Row {
  name: string;
  sync: string;
  health: string;
  detail: string;
}

export function rowsOf(apps: readonly Application[]): Row[] {
  return apps
    .map((app) => ({
      name: app.metadata.name ?? '',
      sync: app.status?.sync?.status ?? 'Unknown',
      health: app.status?.health?.status ?? 'Unknown',
      detail: detailOf(app),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Whether everything that should be there is Synced and Healthy. */
export function isDone(rows: readonly Row[], expected: number): boolean {
  return rows.length >= expected && rows.every((row) => row.sync === 'Synced' && row.health === 'Healthy');
}

/** The table as lines, columns aligned. */
export function tableLines(rows: readonly Row[]): string[] {
  const widths = [Math.max(11, ...rows.map((row) => row.name.length)), 9, 11];
  const line = (cells: string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    line(['APPLICATION', 'SYNC', 'HEALTH', '']),
    ...rows.map((row) => line([row.name, row.sync, row.health, row.detail])),
  ];
}

function detailOf(app: Application): string {
  const condition = app.status?.conditions?.find(({ type }) => type.endsWith('Error'));
  if (condition) return condition.message;
  const state = app.status?.operationState;
  if (state?.phase === 'Running' || state?.phase === 'Failed' || state?.phase === 'Error')
    return state.message || state.phase;
  return app.status?.health?.message ?? '';
}
