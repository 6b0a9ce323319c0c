import { z } from 'zod';
import { appProjectSchema } from '../app-project/app-project.ts';
import { applicationSchema } from '../application/application.ts';
import { applicationSetSchema } from '../application-set/application-set.ts';
import { applicationGroup, labels } from '../constants.ts';
import { type StructuralSchema, structuralSchema } from './structural-schema.ts';

interface PrinterColumn {
  name: string;
  type: string;
  jsonPath: string;
  priority?: number;
}

interface Resource {
  kind: string;
  plural: string;
  shortNames: readonly string[];
  schema: z.ZodType;
  columns: readonly PrinterColumn[];
  statusSubresource: boolean;
}

/** A CustomResourceDefinition, ready to be applied. */
export interface CustomResourceDefinition {
  apiVersion: 'apiextensions.k8s.io/v1';
  kind: 'CustomResourceDefinition';
  metadata: { name: string; labels: Record<string, string> };
  spec: {
    group: string;
    names: { kind: string; listKind: string; plural: string; singular: string; shortNames: string[] };
    scope: 'Namespaced';
    versions: {
      name: string;
      served: boolean;
      storage: boolean;
      schema: { openAPIV3Schema: StructuralSchema };
      additionalPrinterColumns?: PrinterColumn[];
      subresources?: { status: Record<string, never> };
    }[];
  };
}

/** Reference §1: Application and AppProject are written whole, so they have no status subresource. */
const resources: readonly Resource[] = [
  {
    kind: 'Application',
    plural: 'applications',
    shortNames: ['app', 'apps'],
    schema: applicationSchema,
    columns: [
      { name: 'Sync Status', type: 'string', jsonPath: '.status.sync.status' },
      { name: 'Health Status', type: 'string', jsonPath: '.status.health.status' },
      { name: 'Revision', type: 'string', jsonPath: '.status.sync.revision', priority: 10 },
      { name: 'Project', type: 'string', jsonPath: '.spec.project', priority: 10 },
    ],
    statusSubresource: false,
  },
  {
    kind: 'AppProject',
    plural: 'appprojects',
    shortNames: ['appproj', 'appprojs'],
    schema: appProjectSchema,
    columns: [],
    statusSubresource: false,
  },
  {
    kind: 'ApplicationSet',
    plural: 'applicationsets',
    shortNames: ['appset', 'appsets'],
    schema: applicationSetSchema,
    columns: [],
    statusSubresource: true,
  },
];

function definitionOf(resource: Resource): CustomResourceDefinition {
  const { kind, plural, columns } = resource;
  const name = `${plural}.${applicationGroup}`;
  // `input` is what may be written; transforms and null handling play no role there.
  const jsonSchema = z.toJSONSchema(resource.schema, { io: 'input', unrepresentable: 'any' });
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name, labels: { 'app.kubernetes.io/name': name, [labels.partOf]: 'argocd' } },
    spec: {
      group: applicationGroup,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames: [...resource.shortNames],
      },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: structuralSchema(jsonSchema) },
          ...(columns.length > 0 ? { additionalPrinterColumns: [...columns] } : {}),
          ...(resource.statusSubresource ? { subresources: { status: {} } } : {}),
        },
      ],
    },
  };
}

/** The CRDs of Application, AppProject and ApplicationSet, as `deploy/crds` holds them. */
export function customResourceDefinitions(): CustomResourceDefinition[] {
  return resources.map(definitionOf);
}
