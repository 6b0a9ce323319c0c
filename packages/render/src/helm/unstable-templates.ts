/** Functions of templates whose answers are others with each render, or in a cluster; and how a warning tells why. */
const unstable: readonly { pattern: RegExp; reason: string }[] = [
  { pattern: /(?<![\w.$"])lookup(?=\s)/, reason: 'finds nothing, because charts are rendered without a cluster' },
  {
    pattern:
      /(?<![\w.$"])(?:rand(?:AlphaNum|Alpha|Numeric|Ascii|Bytes|Int)|gen(?:CA|SelfSignedCert|SignedCert)(?:WithKey)?|genPrivateKey|uuidv4|htpasswd|bcrypt|encryptAES)(?![\w.])/,
    reason: 'gives another value with each render',
  },
  { pattern: /\.Release\.Is(?:Install|Upgrade)(?!\w)/, reason: 'always says that the release is installed' },
];

/** In one template. */
const maxUses = 50;

/** A use of an unstable function. */
export interface Use {
  /** From 1. */
  line: number;
  what: string;
  reason: string;
}

/** What stands between `{{` and `}}`, at its offset in the text. Quoted text is blanked, so that positions stay. */
interface Action {
  offset: number;
  code: string;
}

const quotes: Readonly<Record<string, RegExp>> = {
  '"': /"(?:\\.|[^"\\\n])*"/y,
  "'": /'(?:\\.|[^'\\\n]){1,10}'/y,
  '`': /`[^`]*`/y,
};

/** The end of quoted text that begins at `at`; undefined where nothing is quoted. */
function endOfQuote(text: string, at: number): number | undefined {
  const quote = quotes[text[at] ?? ''];
  if (!quote) return undefined;
  quote.lastIndex = at;
  const match = quote.exec(text);
  return match ? at + match[0].length : undefined;
}

/** The actions of a template in one pass, comments left out. It ends at one that is not closed: Helm refuses that. */
function* actionsOf(text: string): Generator<Action> {
  for (let open = text.indexOf('{{'); open >= 0; ) {
    const offset = open + 2;
    const comment = /^-?\s{0,100}\/\*/.exec(text.slice(offset, offset + 110));
    let at = comment ? text.indexOf('*/', offset + comment[0].length) : offset;
    if (at < 0) return;
    let code = '';
    while (at < text.length && !text.startsWith('}}', at)) {
      const end = comment ? undefined : endOfQuote(text, at);
      code += end === undefined ? text[at] : text.slice(at, end).replace(/[^\n]/g, ' ');
      at = end ?? at + 1;
    }
    if (at >= text.length) return;
    if (!comment) yield { offset, code };
    open = text.indexOf('{{', at + 2);
  }
}

/** Uses of unstable functions in a template, the first ones, with lines from 1. */
export function unstableUses(text: string): Use[] {
  const uses: Use[] = [];
  for (const { offset, code } of actionsOf(text)) {
    for (const { pattern, reason } of unstable) {
      const found = pattern.exec(code);
      if (!found) continue;
      const line = text.slice(0, offset + found.index).split('\n').length;
      uses.push({ line, what: found[0], reason });
      if (uses.length >= maxUses) return uses;
    }
  }
  return uses;
}
