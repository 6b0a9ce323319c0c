import { type Application, defaultProject } from '@plumbline/apis';

/** An Application as policies name it: `<project>/<name>`, with its namespace in between outside of the control plane's. */
export function applicationObject({ metadata, spec }: Application, controlNamespace: string): string {
  const { name, namespace = '' } = metadata;
  return objectOf({ project: spec.project || defaultProject, namespace, name }, controlNamespace);
}

/** As {@link applicationObject}, from its parts. */
export function objectOf(
  { project, namespace, name }: { project: string; namespace?: string | undefined; name: string },
  controlNamespace: string,
): string {
  const elsewhere = namespace !== undefined && namespace !== '' && namespace !== controlNamespace;
  return elsewhere ? `${project}/${namespace}/${name}` : `${project}/${name}`;
}
