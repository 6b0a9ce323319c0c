/** What stands for an identity for a while. */
export interface Token {
  text: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Tokens until shortly before they end; those who ask at one time share one request. */
export interface TokenMemory {
  get(key: string, request: () => Promise<Token>): Promise<string>;
}

/** A token that ends sooner (ms) is not given out: a fetch may take that long. */
const marginMs = 10 * 60_000;

export function createTokenMemory(clock: () => number = Date.now): TokenMemory {
  const known = new Map<string, Token>();
  const asked = new Map<string, Promise<Token>>();

  const ask = (key: string, request: () => Promise<Token>): Promise<Token> => {
    const answer = request()
      .then((token) => {
        known.set(key, token);
        return token;
      })
      .finally(() => asked.delete(key));
    asked.set(key, answer);
    return answer;
  };

  return {
    async get(key, request) {
      const remembered = known.get(key);
      if (remembered && remembered.expiresAt - marginMs > clock()) return remembered.text;
      return (await (asked.get(key) ?? ask(key, request))).text;
    },
  };
}
