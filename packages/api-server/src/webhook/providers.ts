import { z } from 'zod';
import { type PushEvent, shortRef } from './push-event.ts';

const names = z.array(z.string()).nullish();
const commits = z
  .array(z.object({ added: names, modified: names, removed: names }))
  .nullish()
  .transform((list) => {
    const paths = (list ?? []).flatMap(({ added, modified, removed }) => [added, modified, removed]);
    return [...new Set(paths.flatMap((some) => some ?? []))];
  });
const optional = z.string().nullish();

/** GitHub, Gitea and Gogs. */
const hubPush = z.object({
  ref: z.string(),
  repository: z.object({ html_url: z.string(), clone_url: optional, ssh_url: optional, default_branch: optional }),
  commits,
});

function ofHub(body: unknown): PushEvent[] {
  const { ref, repository, commits: files } = hubPush.parse(body);
  const revision = shortRef(ref);
  const urls = [repository.html_url, repository.clone_url, repository.ssh_url].filter((url) => typeof url === 'string');
  return [{ urls, revision, touchesHead: repository.default_branch === revision, files: known(files) }];
}

/** No file named is "not said": forced pushes and merges come without commits. */
function known(files: string[]): string[] | undefined {
  return files.length > 0 ? files : undefined;
}

/** System hooks say in `event_name` what others say in `object_kind`. */
const gitlabEvent = z.object({ object_kind: optional, event_name: optional });
const gitlabPushKinds = ['push', 'tag_push'];

const gitlabPush = z.object({
  ref: z.string(),
  project: z.object({
    web_url: z.string(),
    git_http_url: optional,
    git_ssh_url: optional,
    default_branch: optional,
  }),
  commits,
});

function ofGitlab(body: unknown): PushEvent[] {
  const { object_kind: kind, event_name: name } = gitlabEvent.parse(body);
  const said = kind ?? name;
  if (said && !gitlabPushKinds.includes(said)) return [];
  const { ref, project, commits: files } = gitlabPush.parse(body);
  const revision = shortRef(ref);
  const urls = [project.web_url, project.git_http_url, project.git_ssh_url].filter((url) => typeof url === 'string');
  return [{ urls, revision, touchesHead: project.default_branch === revision, files: known(files) }];
}

const bitbucketRef = z.object({ name: z.string(), type: optional }).nullish();
const bitbucketPush = z.object({
  repository: z.object({
    links: z.object({ html: z.object({ href: z.string() }) }),
    mainbranch: z.object({ name: optional }).nullish(),
  }),
  push: z.object({ changes: z.array(z.object({ new: bitbucketRef, old: bitbucketRef })) }),
});

function ofBitbucket(body: unknown): PushEvent[] {
  const { repository, push } = bitbucketPush.parse(body);
  const main = repository.mainbranch?.name;
  return push.changes.flatMap((change) => {
    const ref = change.new ?? change.old;
    if (!ref) return [];
    // Where the default branch is not said, every branch may be it.
    const touchesHead = ref.type !== 'tag' && (!main || main === ref.name);
    return [{ urls: [repository.links.html.href], revision: ref.name, touchesHead }];
  });
}

const bitbucketServerPush = z.object({
  repository: z.object({
    links: z.object({ clone: z.array(z.object({ href: z.string() })).nullish() }).nullish(),
  }),
  changes: z.array(z.object({ ref: z.object({ id: z.string() }) })),
});

function ofBitbucketServer(body: unknown): PushEvent[] {
  const { repository, changes } = bitbucketServerPush.parse(body);
  const urls = (repository.links?.clone ?? []).map(({ href }) => href);
  return changes.map(({ ref }) => ({
    urls,
    revision: shortRef(ref.id),
    touchesHead: !ref.id.startsWith('refs/tags/'),
  }));
}

const azurePush = z.object({
  eventType: z.string(),
  resource: z.object({
    refUpdates: z.array(z.object({ name: z.string() })),
    repository: z.object({ remoteUrl: z.string(), defaultBranch: optional }),
  }),
});

function ofAzure(body: unknown): PushEvent[] {
  if (z.object({ eventType: z.string() }).parse(body).eventType !== 'git.push') return [];
  const { refUpdates, repository } = azurePush.parse(body).resource;
  return refUpdates.map(({ name }) => ({
    urls: [repository.remoteUrl],
    revision: shortRef(name),
    touchesHead: name === repository.defaultBranch,
  }));
}

const githubPackage = z.object({
  package: z.object({
    name: z.string(),
    namespace: optional,
    package_type: z.string(),
    owner: z.object({ login: z.string() }).nullish(),
    package_version: z
      .object({ container_metadata: z.object({ tag: z.object({ name: z.string() }).nullish() }).nullish() })
      .nullish(),
  }),
});

function ofPackage(body: unknown): PushEvent[] {
  const { package: one } = githubPackage.parse(body);
  const owner = one.owner?.login ?? one.namespace;
  const tag = one.package_version?.container_metadata?.tag?.name;
  if (one.package_type.toLowerCase() !== 'container' || !owner || !tag) return [];
  return [{ urls: [`oci://ghcr.io/${owner}/${one.name}`], revision: tag, touchesHead: false, artifact: true }];
}

const harborPush = z.object({
  type: z.string(),
  event_data: z.object({ resources: z.array(z.object({ tag: z.string(), resource_url: z.string() })) }),
});

function ofHarbor(body: unknown): PushEvent[] {
  const { type, event_data: data } = harborPush.parse(body);
  if (type !== 'PUSH_ARTIFACT') return [];
  return data.resources.map(({ tag, resource_url: url }) => ({
    urls: [`oci://${url.replace(/(@sha256:[0-9a-f]+|:[^/:]+)$/, '')}`],
    revision: tag,
    touchesHead: false,
    artifact: true as const,
  }));
}

const plainPush = z.object({
  repository: z.string().min(1),
  ref: z.string().default('HEAD'),
  defaultBranch: optional,
  files: names,
});

function ofPlain(body: unknown): PushEvent[] {
  const { repository, ref, defaultBranch, files } = plainPush.parse(body);
  const revision = shortRef(ref);
  const touchesHead = revision === 'HEAD' || !defaultBranch || shortRef(defaultBranch) === revision;
  return [{ urls: [repository], revision, touchesHead, files: known(files ?? []) }];
}

export type Provider =
  | 'azure-devops'
  | 'gogs'
  | 'github'
  | 'gitlab'
  | 'bitbucket'
  | 'bitbucket-server'
  | 'harbor'
  | 'plain';

export type Header = (name: string) => string | undefined;

const isHarbor = (body: unknown): boolean => harborPush.safeParse(body).success;
const isPlain = (body: unknown): boolean => plainPush.safeParse(body).success;

/** Who sends; several headers may be there, for Gitea says that it is all of three. Undefined: nobody that we know. */
export function providerOf(header: Header, body: unknown): Provider | undefined {
  if (header('x-vss-activityid')) return 'azure-devops';
  if (header('x-gogs-event') || header('x-gitea-event')) return 'gogs';
  if (header('x-github-event')) return 'github';
  if (header('x-gitlab-event')) return 'gitlab';
  if (header('x-hook-uuid')) return 'bitbucket';
  if (header('x-event-key')) return 'bitbucket-server';
  if (isHarbor(body)) return 'harbor';
  return isPlain(body) ? 'plain' : undefined;
}

const gitlabPushes = ['push hook', 'tag push hook', 'system hook'];
/** A mirror that was brought up to date has changed refs, too. */
const bitbucketServerPushes = ['repo:refs_changed', 'mirror:repo_synchronized'];

/** What has been pushed; nothing for events that are about something else. Throws `ZodError` where fields are missing. */
export function pushesOf(provider: Provider, header: Header, body: unknown): PushEvent[] {
  const event = (name: string) => (header(name) ?? '').toLowerCase();
  switch (provider) {
    case 'azure-devops':
      return ofAzure(body);
    case 'gogs':
      return (event('x-gogs-event') || event('x-gitea-event')) === 'push' ? ofHub(body) : [];
    case 'github':
      if (event('x-github-event') === 'package') return ofPackage(body);
      return event('x-github-event') === 'push' ? ofHub(body) : [];
    case 'gitlab':
      return gitlabPushes.includes(event('x-gitlab-event')) ? ofGitlab(body) : [];
    case 'bitbucket':
      return event('x-event-key') === 'repo:push' ? ofBitbucket(body) : [];
    case 'bitbucket-server':
      return bitbucketServerPushes.includes(event('x-event-key')) ? ofBitbucketServer(body) : [];
    case 'harbor':
      return ofHarbor(body);
    case 'plain':
      return ofPlain(body);
  }
}
