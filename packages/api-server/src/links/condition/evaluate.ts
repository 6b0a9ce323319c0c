import { binaryOperators, itemsOf, listFunctions, plainFunctions, precedence } from './operators.ts';
import { conditionError, conditionTokens, type Token } from './tokens.ts';

/** What names stand for, and the item that `#` is in a question about a list. */
interface Facts {
  names: Readonly<Record<string, unknown>>;
  item?: unknown;
}

type Value = (facts: Facts) => unknown;

const words: Record<string, unknown> = { true: true, false: false, nil: undefined };

function memberOf(value: unknown, key: unknown): unknown {
  if (value === undefined || value === null) throw conditionError(`"${String(key)}" is asked of what is not there`);
  if (Array.isArray(value)) return value.at(Number(key));
  return typeof value === 'object' && Object.hasOwn(value, String(key))
    ? (value as Record<string, unknown>)[String(key)]
    : undefined;
}

/** Reads a condition of expr-lang into a function of the facts. */
class ConditionReader {
  readonly #tokens: Token[];
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  whole(): Value {
    const value = this.#choice();
    if (this.#token().kind !== 'end') throw conditionError(`"${this.#token().text}" is not expected`);
    return value;
  }

  #token(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? { kind: 'end', text: 'the end' };
  }

  #takes(...texts: string[]): string | undefined {
    const { kind, text } = this.#token();
    if ((kind !== 'operator' && kind !== 'name') || !texts.includes(text)) return undefined;
    this.#at += 1;
    return text;
  }

  #needs(text: string): void {
    if (!this.#takes(text)) throw conditionError(`"${text}" is expected before ${this.#token().text}`);
  }

  #choice(): Value {
    const condition = this.#binary(0);
    if (!this.#takes('?')) return condition;
    const yes = this.#choice();
    this.#needs(':');
    const no = this.#choice();
    return (facts) => (condition(facts) === true ? yes(facts) : no(facts));
  }

  #binary(level: number): Value {
    const operators = precedence[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const negated = this.#token().text === 'not' && operators.includes(this.#token(1).text);
      if (negated) this.#at += 1;
      const operator = this.#takes(...operators);
      if (!operator) return left;
      const joined = combined(operator, left, this.#binary(level + 1));
      left = negated ? (facts) => !joined(facts) : joined;
    }
  }

  #unary(): Value {
    const operator = this.#takes('!', 'not', '-');
    if (!operator) return this.#members(this.#primary());
    // `not` binds less than comparisons' operands, but more than `and`.
    const value = operator === 'not' ? this.#binary(3) : this.#unary();
    return (facts) => (operator === '-' ? -Number(value(facts)) : !isYes(value(facts)));
  }

  #members(start: Value): Value {
    let value = start;
    for (;;) {
      const inner = value;
      const mark = this.#takes('.', '?.', '[');
      if (!mark) return value;
      const key = mark === '[' ? this.#index() : this.#name();
      value = (facts) => {
        const whole = inner(facts);
        return mark === '?.' && (whole === undefined || whole === null) ? undefined : memberOf(whole, key(facts));
      };
    }
  }

  #index(): Value {
    const key = this.#choice();
    this.#needs(']');
    return key;
  }

  #name(): Value {
    const { kind, text } = this.#token();
    if (kind !== 'name') throw conditionError(`a name is expected before ${text}`);
    this.#at += 1;
    return () => text;
  }

  #primary(): Value {
    const { kind, text } = this.#token();
    this.#at += 1;
    if (kind === 'number') return () => Number(text);
    if (kind === 'string') return () => text;
    if (kind === 'name') return this.#named(text);
    if (text === '(') return this.#inParentheses();
    if (text === '[') return this.#listLiteral();
    if (text === '#') return ({ item }) => item;
    if (text === '.') {
      const key = this.#name();
      return (facts) => memberOf(facts.item, key(facts));
    }
    throw conditionError(`a value is expected before ${text}`);
  }

  #inParentheses(): Value {
    const value = this.#choice();
    this.#needs(')');
    return value;
  }

  #listLiteral(): Value {
    const items: Value[] = [];
    while (!this.#takes(']')) {
      items.push(this.#choice());
      if (!this.#takes(',') && this.#token().text !== ']') throw conditionError('a ] is missing');
    }
    return (facts) => items.map((item) => item(facts));
  }

  #named(name: string): Value {
    if (Object.hasOwn(words, name)) return () => words[name];
    if (!this.#takes('(')) return ({ names }) => (Object.hasOwn(names, name) ? names[name] : undefined);
    const values: Value[] = [];
    while (!this.#takes(')')) {
      values.push(this.#takes('{') ? this.#question() : this.#choice());
      if (!this.#takes(',') && this.#token().text !== ')') throw conditionError('a ) is missing');
    }
    return called(name, values);
  }

  #question(): Value {
    const value = this.#choice();
    this.#needs('}');
    return value;
  }
}

const isYes = (value: unknown): boolean => value !== undefined && value !== null && value !== false && value !== '';

function combined(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case '&&':
    case 'and':
      return (facts) => isYes(left(facts)) && isYes(right(facts));
    case '||':
    case 'or':
      return (facts) => isYes(left(facts)) || isYes(right(facts));
    case '??':
      return (facts) => left(facts) ?? right(facts);
    default: {
      const operate = binaryOperators[operator];
      if (!operate) throw conditionError(`there is no operator "${operator}"`);
      return (facts) => operate(left(facts), right(facts));
    }
  }
}

function called(name: string, values: readonly Value[]): Value {
  const [first, ask] = values;
  const ofList = Object.hasOwn(listFunctions, name) ? listFunctions[name] : undefined;
  if (ofList && first && ask) {
    return (facts) => ofList(itemsOf(first(facts)), (item) => ask({ ...facts, item }));
  }
  const plain = Object.hasOwn(plainFunctions, name) ? plainFunctions[name] : undefined;
  if (!plain) throw conditionError(`there is no function "${name}"`);
  return (facts) => plain(...values.map((value) => value(facts)));
}

/**
 * Whether a condition in the language expr holds. Of what is no boolean, what is there and not empty counts as yes. Throws
 * `LINK_CONDITION` where it cannot be read or asks something of what is not there.
 */
export function holds(condition: string, names: Readonly<Record<string, unknown>>): boolean {
  return isYes(new ConditionReader(conditionTokens(condition)).whole()({ names }));
}
