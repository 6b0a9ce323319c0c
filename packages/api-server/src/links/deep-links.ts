import type { Links } from '@plumbline/protocol';
import type { DeepLink } from '@plumbline/settings';
import { holds } from './condition/evaluate.ts';
import { fillTemplate } from './template/fill.ts';

/** What templates can refer to: `app`, `application`, `resource`. */
export type LinkFacts = Readonly<Record<string, unknown>>;

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function linkOf(link: DeepLink, facts: LinkFacts): Links['items'][number] | undefined {
  const { url, title, description, iconClass } = link;
  if (link.if !== undefined && !holds(link.if, facts)) return undefined;
  const filled = {
    title: fillTemplate(title, facts),
    url: fillTemplate(url, facts),
    ...(description ? { description: fillTemplate(description, facts) } : {}),
    ...(iconClass ? { iconClass } : {}),
  };
  return isWebAddress(filled.url) ? filled : undefined;
}

/**
 * The links of templates for something (reference §10.1): those whose condition holds and that lead to a web address. One
 * that cannot be evaluated is told to `onProblem` and left out, the others stay.
 */
export function deepLinks(
  templates: readonly DeepLink[],
  facts: LinkFacts,
  onProblem: (title: string, error: unknown) => void = () => {},
): Links {
  const items = templates.flatMap((link) => {
    try {
      return linkOf(link, facts) ?? [];
    } catch (error) {
      onProblem(link.title, error);
      return [];
    }
  });
  return { items };
}
