/** What a badge tells of an Application, or of nothing known. */
export interface BadgeFacts {
  health: string;
  sync: string;
  /** Shown in a third part. */
  revision?: string | undefined;
  /** Shown above. */
  name?: string | undefined;
  /** Pixels; by default what the text needs. */
  width?: number | undefined;
}

const green = '#18be52';
const colors: Readonly<Record<string, string>> = {
  Healthy: green,
  Progressing: '#0dadea',
  Suspended: '#766f94',
  Degraded: '#e96d76',
  Missing: '#f4c030',
  Unknown: '#6d7f8b',
  Synced: green,
  OutOfSync: '#f4c030',
  'Not Found': '#6d7f8b',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const widthOf = (text: string): number => Math.round(text.length * 7 + 16);

interface Part {
  text: string;
  color: string;
  x: number;
  width: number;
}

function drawn({ text, color, x, width }: Part, top: number): string {
  const middle = x + width / 2;
  const label = `<text x="${middle}" y="${top + 14}" text-anchor="middle" fill="#fff">${escaped(text)}</text>`;
  return `<rect x="${x}" y="${top}" width="${width}" height="20" fill="${color}"/>${label}`;
}

/** An SVG of the state (reference §8.3). Nothing in it comes from outside unescaped. */
export function badge({ health, sync, revision, name, width }: BadgeFacts): string {
  const texts: [string, string][] = [
    [health, colors[health] ?? '#6d7f8b'],
    ...(sync ? [[sync, colors[sync] ?? '#6d7f8b'] as [string, string]] : []),
    ...(revision ? [[`(${revision})`, '#4d4d4d'] as [string, string]] : []),
  ];
  const needed = texts.reduce((sum, [text]) => sum + widthOf(text), 0);
  const total = Math.max(width ?? 0, needed, name ? widthOf(name) : 0);
  let x = 0;
  const top = name ? 20 : 0;
  const parts = texts.map(([text, color], index) => {
    const own = index === texts.length - 1 ? total - x : Math.round((widthOf(text) * total) / needed);
    const part = drawn({ text, color, x, width: own }, top);
    x += own;
    return part;
  });
  const heading = name ? drawn({ text: name, color: '#131f27', x: 0, width: total }, 0) : '';
  const size = `width="${total}" height="${top + 20}" viewBox="0 0 ${total} ${top + 20}"`;
  const label = escaped([name, health, sync, revision].filter(Boolean).join(' '));
  const font = 'font-family="Verdana,Geneva,sans-serif" font-size="11"';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${label}"><g ${font}>${heading}${parts.join('')}</g></svg>`;
}
