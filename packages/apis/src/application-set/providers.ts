import { flag, list, open, text, texts } from '../fields.ts';
import { configMapKeyRefSchema, secretRefSchema } from '../object-meta.ts';

/** Members that hosting services share, for scmProvider and pullRequest. */

const api = text('URL of the API.');
const tokenRef = secretRefSchema.optional();
const insecure = flag('Do not check the certificate.').optional();
const caRef = configMapKeyRefSchema.optional();
const bearerToken = open({ tokenRef: secretRefSchema }, 'A bearer token.').optional();
const basicAuth = open({ username: text('User name.'), passwordRef: secretRefSchema }, 'User and password.').optional();
const allBranches = flag('All branches, not only the default one.').optional();
const owner = text('Owner of the repositories.');
const repo = text('Name of the repository.');
const labels = texts('Labels that a request must have.').optional();

const githubAccess = {
  api: api.optional(),
  tokenRef,
  appSecretName: text('Secret of a GitHub App.').optional(),
};
const gitlabAccess = { api: api.optional(), tokenRef, insecure, caRef };
const giteaAccess = { api, tokenRef, insecure };
const bitbucketServerAccess = { api, basicAuth, bearerToken, insecure, caRef };
const excludeArchivedRepos = flag('Leave out archived repositories.').optional();

/** Where an scmProvider generator looks for repositories. */
export const scmProviders = {
  github: open(
    { ...githubAccess, organization: text('Organization.'), allBranches, excludeArchivedRepos },
    'Repositories of a GitHub organization.',
  ).optional(),
  gitlab: open(
    {
      ...gitlabAccess,
      group: text('Group: id or path.'),
      allBranches,
      includeSubgroups: flag('Also groups below.').optional(),
      includeSharedProjects: flag('Also projects shared with the group.').optional(),
      includeArchivedRepos: flag('Also archived projects.').optional(),
      topic: text('Only projects with this topic.').optional(),
    },
    'Projects of a GitLab group.',
  ).optional(),
  gitea: open(
    { ...giteaAccess, owner, allBranches, excludeArchivedRepos },
    'Repositories of a Gitea owner.',
  ).optional(),
  bitbucket: open(
    { owner, user: text('User to log in as.'), appPasswordRef: secretRefSchema, allBranches },
    'Repositories of a Bitbucket Cloud workspace.',
  ).optional(),
  bitbucketServer: open(
    { ...bitbucketServerAccess, project: text('Project.'), allBranches },
    'Repositories of a Bitbucket Server project.',
  ).optional(),
  azureDevOps: open(
    {
      api: api.optional(),
      organization: text('Organization.'),
      teamProject: text('Project.'),
      accessTokenRef: secretRefSchema,
      allBranches,
    },
    'Repositories of an Azure DevOps project.',
  ).optional(),
  awsCodeCommit: open(
    {
      region: text('Region.').optional(),
      role: text('Role to assume.').optional(),
      tagFilters: list(
        open({ key: text('Tag.'), value: text('Value; empty is any.').optional() }, 'A tag.'),
        'Only repositories with these tags.',
      ).optional(),
      allBranches,
    },
    'Repositories of AWS CodeCommit.',
  ).optional(),
};

/** Where a pullRequest generator looks for requests. */
export const pullRequestProviders = {
  github: open({ ...githubAccess, owner, repo, labels }, 'Pull requests on GitHub.').optional(),
  gitlab: open(
    {
      ...gitlabAccess,
      project: text('Project: id or path.'),
      labels,
      pullRequestState: text('State of the requests, for example opened.').optional(),
    },
    'Merge requests on GitLab.',
  ).optional(),
  gitea: open({ ...giteaAccess, owner, repo, labels }, 'Pull requests on Gitea.').optional(),
  bitbucketServer: open(
    { ...bitbucketServerAccess, project: text('Project.'), repo },
    'Pull requests on Bitbucket Server.',
  ).optional(),
  bitbucket: open(
    { api: api.optional(), owner, repo, basicAuth, bearerToken },
    'Pull requests on Bitbucket Cloud.',
  ).optional(),
  azuredevops: open(
    { api: api.optional(), organization: text('Organization.'), project: text('Project.'), repo, tokenRef, labels },
    'Pull requests on Azure DevOps.',
  ).optional(),
};
