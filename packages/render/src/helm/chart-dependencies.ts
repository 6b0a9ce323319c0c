import { hasCode, PlumblineError } from '@plumbline/errors';
import { isMembers, parseKustomization as parseMapping, recordsOf } from '../kustomize/kustomization.ts';
import type { InputRecorder } from '../repository/input-recorder.ts';
import { joinPath } from '../repository/paths.ts';
import type { Found } from '../repository/repository-view.ts';

interface Dependency {
  name: string;
  repository: string;
}

/** Dependencies that the chart declares, in Chart.yaml or (apiVersion v1) requirements.yaml. */
async function declaredDependencies(inputs: InputRecorder, chart: string): Promise<Dependency[]> {
  const declared: Dependency[] = [];
  for (const name of ['Chart.yaml', 'requirements.yaml']) {
    const found = await inputs.view.find(joinPath(chart, name));
    if (found?.kind !== 'blob') continue;
    const mapping = parseMapping(await inputs.view.text(found.oid), found.path);
    for (const entry of isMembers(mapping) ? recordsOf(mapping['dependencies']) : []) {
      declared.push({ name: String(entry['name'] ?? ''), repository: String(entry['repository'] ?? '') });
    }
  }
  return declared;
}

async function isVendored(inputs: InputRecorder, chart: string, { name }: Dependency): Promise<boolean> {
  const charts = await inputs.view.find(joinPath(chart, 'charts'));
  if (charts?.kind !== 'tree') return false;
  const entries = await inputs.view.reader.readTree(charts.oid);
  return entries.some(
    (entry) => entry.name === name || (entry.name.startsWith(`${name}-`) && entry.name.endsWith('.tgz')),
  );
}

function refusal(chart: string, { name, repository }: Dependency, problem: string, cause?: unknown): PlumblineError {
  return new PlumblineError(
    'RENDER_FAILED',
    `${joinPath(chart, 'Chart.yaml')}: dependency ${name} (${repository}) ${problem}`,
    {
      cause,
      hint: 'let the dependency name a chart of the same repository, or put it into charts/',
      details: { file: joinPath(chart, 'Chart.yaml') },
    },
  );
}

async function findChart(inputs: InputRecorder, chart: string, dependency: Dependency): Promise<Found> {
  let found: Found | null;
  try {
    found = await inputs.look(chart, dependency.repository.slice('file://'.length));
  } catch (error) {
    if (!hasCode(error, 'RENDER_PATH_OUTSIDE')) throw error;
    throw refusal(chart, dependency, 'leads outside the repository', error);
  }
  if (found?.kind !== 'tree') throw refusal(chart, dependency, 'does not exist');
  return found;
}

/**
 * Records the charts elsewhere in the repository (`file://`) that have to be brought into `charts/` before the chart
 * renders, and says whether there are any. Vendored ones need nothing; for missing remote ones Helm has its own words.
 */
export async function traceDependencies(inputs: InputRecorder, chart: string): Promise<boolean> {
  let missing = false;
  for (const dependency of await declaredDependencies(inputs, chart)) {
    if (!dependency.repository.startsWith('file://') || (await isVendored(inputs, chart, dependency))) continue;
    await findChart(inputs, chart, dependency);
    missing = true;
  }
  return missing;
}
