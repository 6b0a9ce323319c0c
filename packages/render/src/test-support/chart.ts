import type { Rendered, RenderOptions, Rig } from './rig.ts';

const dump = `apiVersion: v1
kind: ConfigMap
metadata:
  name: dump
data:
  values: {{ .Values | toJson | quote }}
  release: {{ .Release.Name | quote }}
  namespace: {{ .Release.Namespace | quote }}
  kube: {{ .Capabilities.KubeVersion.Version | quote }}
  thing: {{ .Capabilities.APIVersions.Has "test.example/v9/Thing" | quote }}
`;

export interface ChartOptions {
  path?: string;
  values?: object;
  meta?: object;
  templates?: Record<string, string>;
}

/** A chart whose ConfigMap `dump` shows all values as JSON, and the release. */
export async function writeChart(
  rig: Rig,
  { path = '.', values, meta, templates = {} }: ChartOptions = {},
): Promise<string> {
  rig.repository
    .write(`${path}/Chart.yaml`, { apiVersion: 'v2', name: 'thing', version: '1.2.3', ...meta })
    .write(`${path}/values.yaml`, { ...(values ?? { from: 'chart', list: ['a'], deep: { one: 1 } }) })
    .write(`${path}/templates/dump.yaml`, dump);
  for (const [name, text] of Object.entries(templates)) rig.repository.write(`${path}/templates/${name}.yaml`, text);
  return rig.repository.commit();
}

/** A source of the chart at a path with options of Helm. */
export const withHelm = (helm: object, path = '.'): RenderOptions => ({ source: { path, helm } });

/** Data of a ConfigMap. */
export function dataOf({ objects }: Rendered, name = 'dump'): Record<string, string> {
  return objects[`ConfigMap/${name}`]?.['data'] as Record<string, string>;
}

/** The values that the chart was rendered with. */
export async function valuesOf(rig: Rig, options?: RenderOptions): Promise<Record<string, unknown>> {
  return JSON.parse(dataOf(await rig.render(options))['values'] ?? '');
}
