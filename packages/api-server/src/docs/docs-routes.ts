import { type Route, routes } from '@plumbline/protocol';
import type { Express } from 'express';
import { openApi, tagOf } from './open-api.ts';

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2430;background:#fff}
code{font:14px ui-monospace,monospace}h2{margin-top:2.5rem;border-bottom:1px solid #d5dbe3}
details{margin:.4rem 0}summary{cursor:pointer}b{display:inline-block;width:4.5rem}
table{border-collapse:collapse;margin:.3rem 0 .8rem 1.2rem}td{padding:.1rem .8rem .1rem 0;vertical-align:top}
@media(prefers-color-scheme:dark){body{color:#dfe6ee;background:#12171e}h2{border-color:#37414d}a{color:#8ab4f8}}`;

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

function section(name: string, route: Route, parameters: { name: string; in: string; required: boolean }[]): string {
  const rows = parameters.map(
    (one) => `<tr><td><code>${escaped(one.name)}</code></td><td>${one.in}${one.required ? ', required' : ''}</td></tr>`,
  );
  const body = route.body ? '<tr><td>body</td><td>JSON</td></tr>' : '';
  const kind = route.stream ? ' <small>stream</small>' : '';
  const heading = `<b>${route.method}</b> <code>${escaped(route.path)}</code> ${escaped(name)}${kind}`;
  return `<details id="${name}"><summary>${heading}</summary><table>${rows.join('')}${body}</table></details>`;
}

/** A page for people; it needs no scripts and loads nothing. */
function page(document: ReturnType<typeof openApi>): string {
  const paths = document['paths'] as Record<string, Record<string, { parameters: Parameters<typeof section>[2] }>>;
  const groups = new Map<string, string[]>();
  for (const [name, route] of Object.entries<Route>(routes)) {
    const parameters = paths[route.path]?.[route.method.toLowerCase()]?.parameters ?? [];
    const tag = tagOf(route);
    groups.set(tag, [...(groups.get(tag) ?? []), section(name, route, parameters)]);
  }
  const all = [...groups].map(([tag, sections]) => `<h2 id="tag-${tag}">${tag}</h2>${sections.join('')}`);
  const top =
    '<h1>Plumbline REST API</h1><p>The schemas are in <a href="swagger.json">swagger.json</a> (OpenAPI 3.0).</p>';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Plumbline REST API</title><style>${style}</style>${top}${all.join('')}</html>`;
}

/** The contract, for machines and for people (reference §8.3). Made once, when it is first asked for. */
export function mountDocs(app: Express, { version }: { version: string }): void {
  let made: { json: string; html: string } | undefined;
  const documents = (): { json: string; html: string } => {
    const document = openApi(version);
    made ??= { json: JSON.stringify(document), html: page(document) };
    return made;
  };
  app.get('/swagger.json', (_request, response) => {
    response.locals['route'] = 'docs';
    response.type('application/json').send(documents().json);
  });
  app.get('/swagger-ui', (_request, response) => {
    response.locals['route'] = 'docs';
    response.type('text/html').send(documents().html);
  });
}
