import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ApiSettings, DeepLink, WebhookSecrets } from '../api-settings.ts';
import type { Document } from '../documents.ts';
import { checkedYaml } from './checked-yaml.ts';
import { resolveReference } from './references.ts';
import type { ValueReader } from './value-reader.ts';
import { parseFlag, parseList, parseNumber, parseTime } from './values.ts';

const links = z.array(
  z.object({
    url: z.string(),
    title: z.string(),
    description: z.string().optional(),
    'icon.class': z.string().optional(),
    if: z.string().optional(),
  }),
);

function parseLinks(text: string): DeepLink[] {
  return checkedYaml(links, text).map(({ 'icon.class': iconClass, ...link }) => ({ ...link, iconClass }));
}

const text = (value: string): string => value.trim();

type Secrets = ReadonlyMap<string, Document>;

/** What nobody can sign with: a secret that cannot be found does not open the door. */
const unknowable = randomUUID();

function secretsOf(secret: ValueReader, secrets: Secrets): WebhookSecrets {
  const read = (key: string): string | undefined => {
    const written = secret.read(key, '', text);
    if (!written) return undefined;
    const found = resolveReference(written, secrets);
    if (!found) secret.report(key, 'the Secret that it refers to has no such key');
    return found || unknowable;
  };
  const username = read('webhook.azuredevops.username');
  const password = read('webhook.azuredevops.password');
  return {
    github: read('webhook.github.secret'),
    gitlab: read('webhook.gitlab.secret'),
    bitbucketUuid: read('webhook.bitbucket.uuid'),
    bitbucketServer: read('webhook.bitbucketserver.secret'),
    gogs: read('webhook.gogs.secret'),
    azureDevOps: username || password ? { username: username ?? '', password: password ?? '' } : undefined,
    plain: read('webhook.plain.secret'),
  };
}

const mebibyte = 1024 * 1024;

interface ApiReaders {
  cm: ValueReader;
  secret: ValueReader;
  secrets: Secrets;
}

/** @param readers of argocd-cm and argocd-secret, and the Secrets that webhook secrets can refer to */
export function readApiSettings({ cm, secret, secrets }: ApiReaders): ApiSettings {
  const word = (key: string, otherwise = ''): string => cm.read(key, otherwise, text);
  const binaries = cm.keys().flatMap((key) => (/^help\.download\.(.+)$/.exec(key) ?? []).slice(1));
  return {
    webhook: {
      secrets: secretsOf(secret, secrets),
      maxPayloadBytes: cm.read('webhook.maxPayloadSizeMB', 50, parseNumber) * mebibyte,
      refreshJitterMs: cm.read('webhook.refresh.jitter', 0, parseTime),
      refreshJitterThreshold: cm.read('webhook.refresh.jitter.threshold', 10, parseNumber),
    },
    exec: {
      enabled: cm.read('exec.enabled', false, parseFlag),
      shells: cm.read('exec.shells', ['bash', 'sh', 'powershell', 'cmd'], parseList),
    },
    maxPodLogs: cm.read('server.maxPodLogsToRender', 10, parseNumber),
    badge: { enabled: cm.read('statusbadge.enabled', false, parseFlag), url: word('statusbadge.url') || undefined },
    links: {
      application: cm.read('application.links', [], parseLinks),
      project: cm.read('project.links', [], parseLinks),
      resource: cm.read('resource.links', [], parseLinks),
    },
    help: {
      chatUrl: word('help.chatUrl'),
      chatText: word('help.chatText'),
      binaryUrls: Object.fromEntries(binaries.map((name) => [name, word(`help.download.${name}`)])),
    },
    ui: {
      cssUrl: word('ui.cssurl'),
      bannerContent: word('ui.bannercontent'),
      bannerUrl: word('ui.bannerurl'),
      bannerPermanent: cm.read('ui.bannerpermanent', false, parseFlag),
      bannerPosition: word('ui.bannerposition'),
    },
    googleAnalytics: {
      trackingId: word('ga.trackingid'),
      anonymizeUsers: cm.read('ga.anonymizeusers', true, parseFlag),
    },
  };
}
