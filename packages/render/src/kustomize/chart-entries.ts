import { PlumblineError } from '@plumbline/errors';
import { shownPath } from '../repository/paths.ts';
import { isMembers, type Kustomization, listOf, recordsOf } from './kustomization.ts';

/** A chart that kustomize renders by Helm. */
export interface ChartEntry {
  name: string;
  /** '' is the newest. */
  version: string;
  /** '' where the chart has to be in the folder of charts. */
  repo: string;
  /** Where kustomize expects the chart, relative to the kustomization's folder. */
  folder: string;
}

const defaultHome = 'charts';

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function entryOf(chart: Kustomization, home: string): ChartEntry | undefined {
  const name = textOf(chart['name']);
  const version = textOf(chart['version']);
  const repo = textOf(chart['repo']);
  if (name === '') return undefined;
  const parent = version !== '' && repo !== '' ? `${home}/${name}-${version}` : home;
  const wanted = version === '' && chart['devel'] === true ? '>0.0.0-0' : version;
  return { name, version: wanted, repo, folder: `${parent}/${name}` };
}

/** The older form of the field, with other names. */
function oldEntryOf(chart: Kustomization): ChartEntry | undefined {
  const { chartName: name, chartVersion: version, chartRepoUrl: repo, chartHome: home } = chart;
  return entryOf({ name, version, repo }, textOf(home) || defaultHome);
}

/** The charts of a kustomization file, or of the configuration of one `HelmChartInflationGenerator`. */
export function chartsOf(kustomization: Kustomization): ChartEntry[] {
  const globals = kustomization['helmGlobals'];
  const home = (isMembers(globals) && textOf(globals['chartHome'])) || defaultHome;
  const entries = [
    ...recordsOf(kustomization['helmCharts']).map((chart) => entryOf(chart, home)),
    ...recordsOf(kustomization['helmChartInflationGenerator']).map(oldEntryOf),
  ];
  return entries.filter((entry) => entry !== undefined);
}

/** The chart of a plugin's configuration; undefined where it is of another plugin. */
export function chartOfPlugin(config: Kustomization): ChartEntry | undefined {
  if (config['apiVersion'] !== 'builtin' || config['kind'] !== 'HelmChartInflationGenerator') return undefined;
  return entryOf(config, textOf(config['chartHome']) || defaultHome);
}

/**
 * Refuses value files of a chart whose names are lists for Helm: it would read all after a comma as files of this machine.
 * Throws `RENDER_FAILED`.
 */
export function checkValueFiles({ valuesFile, additionalValuesFiles }: Kustomization, place: string): void {
  const bad = [valuesFile, ...listOf(additionalValuesFiles)].find(
    (file) => typeof file === 'string' && /[,"]/.test(file),
  );
  if (bad === undefined) return;
  const message = `kustomization of ${place}: the value file "${shownPath(String(bad))}" has a comma or a quote in its name`;
  throw new PlumblineError('RENDER_FAILED', message, { hint: 'Helm takes such a name for a list: rename the file' });
}

function mapChart(chart: Kustomization, change: (path: string) => string): Kustomization {
  const { valuesFile, additionalValuesFiles, values } = chart;
  const files = Array.isArray(additionalValuesFiles) ? additionalValuesFiles : undefined;
  return {
    ...chart,
    ...(typeof valuesFile === 'string' && valuesFile ? { valuesFile: change(valuesFile) } : {}),
    ...(typeof values === 'string' && values ? { values: change(values) } : {}),
    ...(files ? { additionalValuesFiles: files.map((file) => (typeof file === 'string' ? change(file) : file)) } : {}),
  };
}

/** The kustomization with the value files of its charts changed. */
export function mapChartReferences(kustomization: Kustomization, change: (path: string) => string): Kustomization {
  const mapped: Kustomization = { ...kustomization };
  for (const field of ['helmCharts', 'helmChartInflationGenerator']) {
    const charts = mapped[field];
    if (!Array.isArray(charts)) continue;
    mapped[field] = charts.map((chart) => (isMembers(chart) ? mapChart(chart, change) : chart));
  }
  return mapped;
}
