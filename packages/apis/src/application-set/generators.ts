import { z } from 'zod';
import { anyValue, flag, list, open, text, textMap, texts, whole } from '../fields.ts';
import { labelSelectorSchema } from '../object-meta.ts';
import { pullRequestProviders, scmProviders } from './providers.ts';
import { partialTemplateSchema } from './template.ts';

const values = textMap('Further parameters, as values.<key>.').optional();
const requeueAfterSeconds = whole('Seconds until the generator looks again.').optional();
const template = partialTemplateSchema;
const pathItem = open(
  { path: text('Path, as a glob.'), exclude: flag('Leave the matches out.').optional() },
  'A path.',
);

const listGenerator = open(
  {
    elements: list(anyValue('One parameter set.'), 'Parameter sets.').optional(),
    elementsYaml: text('Parameter sets as YAML text; may hold parameters.').optional(),
    template,
  },
  'Fixed parameter sets.',
);

const clusters = open(
  {
    selector: labelSelectorSchema.optional(),
    values,
    flatList: flag('One parameter set with the list of all clusters.').optional(),
    template,
  },
  'One parameter set for each cluster.',
);

const git = open(
  {
    repoURL: text('URL of the repository.'),
    revision: text('Branch, tag or commit.'),
    directories: list(pathItem, 'Folders; one parameter set for each.').optional(),
    files: list(pathItem, 'Files whose content gives parameters.').optional(),
    pathParamPrefix: text('Prefix of the path parameters.').optional(),
    values,
    requeueAfterSeconds,
    template,
  },
  'Folders or files of a Git repository.',
);

const scmProvider = open(
  {
    ...scmProviders,
    filters: list(
      open(
        {
          repositoryMatch: text('Regular expression of names.').optional(),
          branchMatch: text('Regular expression of branches.').optional(),
          labelMatch: text('Regular expression of labels.').optional(),
          pathsExist: texts('Paths that must exist.').optional(),
          pathsDoNotExist: texts('Paths that must not exist.').optional(),
        },
        'All of these must hold.',
      ),
      'One of these must hold.',
    ).optional(),
    cloneProtocol: text('Protocol of the URL: https or ssh.').optional(),
    values,
    requeueAfterSeconds,
    template,
  },
  'Repositories of a hosting service.',
);

const pullRequest = open(
  {
    ...pullRequestProviders,
    filters: list(
      open(
        {
          branchMatch: text('Regular expression of source branches.').optional(),
          targetBranchMatch: text('Regular expression of target branches.').optional(),
          titleMatch: text('Regular expression of titles.').optional(),
        },
        'All of these must hold.',
      ),
      'One of these must hold.',
    ).optional(),
    continueOnRepoNotFoundError: flag('A missing repository gives no requests instead of an error.').optional(),
    values,
    requeueAfterSeconds,
    template,
  },
  'Open pull requests of a repository.',
);

const clusterDecisionResource = open(
  {
    configMapRef: text('ConfigMap that says which resource to read.'),
    name: text('Name of the resource.').optional(),
    labelSelector: labelSelectorSchema.optional(),
    values,
    requeueAfterSeconds,
    template,
  },
  'Clusters that another resource names.',
);

const plugin = open(
  {
    configMapRef: open({ name: text('Name of the ConfigMap.') }, 'ConfigMap with address and token.'),
    input: open(
      { parameters: z.record(z.string(), anyValue('A parameter.')).describe('Parameters sent.').optional() },
      'What is sent.',
    ).optional(),
    values,
    requeueAfterSeconds,
    template,
  },
  'Parameter sets from a web service.',
);

const plainGenerators = {
  list: listGenerator.optional(),
  clusters: clusters.optional(),
  git: git.optional(),
  scmProvider: scmProvider.optional(),
  pullRequest: pullRequest.optional(),
  clusterDecisionResource: clusterDecisionResource.optional(),
  plugin: plugin.optional(),
  selector: labelSelectorSchema.optional(),
};

/** A generator inside matrix or merge. A further matrix or merge is any value in the CRD, checked by the controller. */
const nestedGenerator = open(
  {
    ...plainGenerators,
    matrix: anyValue('A nested matrix.').optional(),
    merge: anyValue('A nested merge.').optional(),
  },
  'A generator.',
);
export type ApplicationSetNestedGenerator = z.infer<typeof nestedGenerator>;

const matrix = open(
  { generators: list(nestedGenerator, 'Two generators; the second may use parameters of the first.'), template },
  'Every combination of two generators.',
);

const merge = open(
  {
    generators: list(nestedGenerator, 'Two or more generators; later ones override the first.'),
    mergeKeys: texts('Parameters that must be equal for sets to be merged.'),
    template,
  },
  'Parameter sets of several generators, merged by keys.',
);

/** A source of parameter sets (reference §11.1). Exactly one kind. */
export const generatorSchema = open(
  { ...plainGenerators, matrix: matrix.optional(), merge: merge.optional() },
  'A source of parameter sets.',
);
export type ApplicationSetGenerator = z.infer<typeof generatorSchema>;
