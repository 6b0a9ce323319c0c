import { PlumblineError } from '@plumbline/errors';
import type { ObjectReader } from '@plumbline/git';
import { parseYaml } from '@plumbline/manifests';
import { openRepository } from '../repository/repository-view.ts';

/** What a chart says of itself. */
export interface ChartDetails {
  description: string;
  /** URL of its project. */
  home: string;
  /** `Name <mail>` */
  maintainers: string[];
}

/** What the publisher of an artifact says of it, by the annotations of its manifest. Absent is what is not said. */
export interface ArtifactMetadata {
  /** RFC 3339. */
  createdAt?: string;
  authors?: string;
  docsUrl?: string;
  sourceUrl?: string;
  version?: string;
  description?: string;
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function maintainerOf(value: unknown): string[] {
  const { name, email } = membersOf(value);
  const text = [textOf(name), textOf(email) && `<${textOf(email)}>`].filter(Boolean).join(' ');
  return text === '' ? [] : [text];
}

/**
 * Reads Chart.yaml of a chart. Throws `CHART_NOT_FOUND` where the archive is none.
 *
 * @param name of the chart, for errors.
 */
export async function readChartDetails(reader: ObjectReader, revision: string, name: string): Promise<ChartDetails> {
  const view = await openRepository(reader, revision);
  const found = await view.find('Chart.yaml');
  if (found?.kind !== 'blob') {
    throw new PlumblineError('CHART_NOT_FOUND', `${name} ${revision} is no chart: it has no Chart.yaml`);
  }
  const { description, home, maintainers } = membersOf(parseYaml(await view.text(found.oid), { file: 'Chart.yaml' }));
  return {
    description: textOf(description),
    home: textOf(home),
    maintainers: Array.isArray(maintainers) ? maintainers.flatMap(maintainerOf) : [],
  };
}

/** Fields and the annotations that they come from, in the names of the image specification. */
const annotationsOf = {
  createdAt: 'created',
  authors: 'authors',
  docsUrl: 'documentation',
  sourceUrl: 'source',
  version: 'version',
  description: 'description',
} as const satisfies Record<keyof ArtifactMetadata, string>;

/** Reads the annotations `org.opencontainers.image.*`. */
export function readArtifactMetadata(annotations: Readonly<Record<string, string>>): ArtifactMetadata {
  return Object.fromEntries(
    Object.entries(annotationsOf).flatMap(([field, name]) => {
      const value = annotations[`org.opencontainers.image.${name}`];
      return value ? [[field, value]] : [];
    }),
  );
}
