import type { z } from 'zod';
import { flag, freeObject, list, open, text, texts } from '../fields.ts';

const helmParameter = open(
  {
    name: text('Path in the values, as after --set.').optional(),
    value: text('Value.').optional(),
    forceString: flag('Use --set-string.').optional(),
  },
  'One value set on the command line.',
);

const helmFileParameter = open(
  {
    name: text('Path in the values, as after --set-file.').optional(),
    path: text('File whose content becomes the value.').optional(),
  },
  'One value read from a file.',
);

/** Options of a Helm source (reference §1.2). */
export const helmSchema = open(
  {
    releaseName: text('Release name; default: the name of the Application.').optional(),
    valueFiles: texts('Values files, relative to the chart, absolute in the repository, URLs or $ref/path.').optional(),
    values: text('Values as YAML text.').optional(),
    valuesObject: freeObject('Values as an object; wins over values.').optional(),
    parameters: list(helmParameter, 'Values set one by one; they win over all files.').optional(),
    fileParameters: list(helmFileParameter, 'Values set from files.').optional(),
    version: text('Helm version; only 3 exists.').optional(),
    passCredentials: flag('Send the repository credentials to every host a chart is loaded from.').optional(),
    ignoreMissingValueFiles: flag('Skip values files that do not exist.').optional(),
    skipCrds: flag('Leave out the chart’s crds folder.').optional(),
    skipTests: flag('Leave out the chart’s test hooks.').optional(),
    skipSchemaValidation: flag('Do not check the values against the chart’s schema.').optional(),
    namespace: text('Namespace to render with; default: the destination’s.').optional(),
    kubeVersion: text('Kubernetes version to render for; default: the destination’s.').optional(),
    apiVersions: texts('API versions to render for, as [group/]version/kind; default: the destination’s.').optional(),
  },
  'Options of Helm.',
);
export type ApplicationSourceHelm = z.infer<typeof helmSchema>;
