/** An answer that the caller of a request got to "may I?". */
export interface Decision {
  resource: string;
  action: string;
  object: string;
  allowed: boolean;
}

/** So many answers of one request are kept: some requests are about many objects. */
const kept = 20;

/** The answers that a request depended on, for its audit record. Lists ask about every object: of those only the last refusal is kept. */
export class Decisions {
  readonly #required: Decision[] = [];
  #refused: Decision | undefined;

  asked(decision: Decision): void {
    if (!decision.allowed) this.#refused = decision;
  }

  required(decision: Decision): void {
    const same = ({ resource, action, object }: Decision) =>
      resource === decision.resource && action === decision.action && object === decision.object;
    if (this.#required.length < kept && !this.#required.some(same)) this.#required.push(decision);
  }

  /** What was required; for a request that was refused without, the last question that was answered by no. */
  list(refused: boolean): readonly Decision[] {
    const denied = this.#required.some(({ allowed }) => !allowed);
    return refused && !denied && this.#refused ? [...this.#required, this.#refused] : this.#required;
  }
}
