import type { Links } from '@plumbline/protocol';
import type { DeepLink } from '@plumbline/settings';

/** What templates can refer to: `app`, `application`, `resource`. */
export type LinkFacts = Readonly<Record<string, unknown>>;

/** The value at `.app.metadata.name`; undefined where there is none. */
function valueAt(facts: LinkFacts, path: string): unknown {
  return path
    .split('.')
    .filter((name) => name !== '')
    .reduce<unknown>((value, name) => {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
      return (value as Record<string, unknown>)[name];
    }, facts);
}

const textOf = (value: unknown): string => (typeof value === 'object' || value === undefined ? '' : String(value));

/** `{{.app.metadata.name}}` replaced by what it stands for. */
function filled(template: string, facts: LinkFacts): string {
  return template.replace(/\{\{\s*-?\s*\.?([\w.-]+?)\s*-?\s*\}\}/g, (_, path: string) => textOf(valueAt(facts, path)));
}

const term = /^\.?([\w.-]+)(?:\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|(nil)))?$/;

/** Terms `path`, `path == "text"`, `path != nil`, joined by `&&`. Anything else holds never, so that no wrong link is shown. */
function holds(condition: string, facts: LinkFacts): boolean {
  return condition.split('&&').every((part) => {
    const [, path, operator, double, single, nil] = term.exec(part.trim()) ?? [];
    if (path === undefined) return false;
    const value = valueAt(facts, path);
    if (operator === undefined) return Boolean(value);
    const same = nil ? value === undefined || value === null : value === (double ?? single);
    return same === (operator === '==');
  });
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** The links of templates for something (reference §10.1): those whose condition holds and that lead to a web address. */
export function deepLinks(templates: readonly DeepLink[], facts: LinkFacts): Links {
  const items = templates
    .filter((link) => link.if === undefined || holds(link.if, facts))
    .map(({ url, title, description, iconClass }) => ({
      title: filled(title, facts),
      url: filled(url, facts),
      ...(description ? { description: filled(description, facts) } : {}),
      ...(iconClass ? { iconClass } : {}),
    }))
    .filter(({ url }) => isWebAddress(url));
  return { items };
}
