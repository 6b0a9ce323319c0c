import type { LiveNode } from '../types.ts';
import { SetMap } from './set-map.ts';

/** The marks by which parents and children without owner references find each other (see `owners.ts`). */
interface OwnerTokens {
  childToken: string | undefined;
  parentTokens: readonly string[];
}

/** Matches children to parents in whatever order they come; `onOwner` is told of each new or lost parent. */
export class InferredOwners {
  readonly #children = new SetMap<LiveNode>();
  readonly #parents = new Map<string, LiveNode>();
  readonly #tokens = new Map<LiveNode, OwnerTokens>();
  readonly #onOwner: (child: LiveNode, owner: LiveNode | undefined) => void;

  constructor(onOwner: (child: LiveNode, owner: LiveNode | undefined) => void) {
    this.#onOwner = onOwner;
  }

  parentOf(childToken: string): LiveNode | undefined {
    return this.#parents.get(childToken);
  }

  add(node: LiveNode, tokens: OwnerTokens): void {
    const { childToken, parentTokens } = tokens;
    if (childToken === undefined && parentTokens.length === 0) return;
    this.#tokens.set(node, tokens);
    if (childToken !== undefined) {
      this.#children.add(childToken, node);
      const parent = this.#parents.get(childToken);
      if (parent) this.#onOwner(node, parent);
    }
    for (const token of parentTokens) {
      this.#parents.set(token, node);
      for (const child of this.#children.get(token)) this.#onOwner(child, node);
    }
  }

  remove(node: LiveNode): void {
    const tokens = this.#tokens.get(node);
    if (!tokens) return;
    this.#tokens.delete(node);
    if (tokens.childToken !== undefined) this.#children.delete(tokens.childToken, node);
    for (const token of tokens.parentTokens) {
      if (this.#parents.get(token) !== node) continue;
      this.#parents.delete(token);
      for (const child of this.#children.get(token)) this.#onOwner(child, undefined);
    }
  }
}
