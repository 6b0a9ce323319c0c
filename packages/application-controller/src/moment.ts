/** What time it is: by the wall clock, ms since the epoch, and by one that nobody sets, ms. */
export interface Clocks {
  now: number;
  steady: number;
}

/** A moment by the wall clock that moves along where that clock is set while the controller runs. */
export interface Moment {
  /** Ms since the epoch. */
  at: number;
  /** How far the wall clock was ahead of the steady one when the moment was noted. */
  ahead: number;
}

/** Between two looks at two clocks some time goes by. */
const jitterMs = 1_000;

export function momentAt(at: number, { now, steady }: Clocks): Moment {
  return { at, ahead: now - steady };
}

/** The moment as the wall clock would tell it now. */
export function currently(moment: Moment, { now, steady }: Clocks): Moment {
  const jump = now - steady - moment.ahead;
  return Math.abs(jump) < jitterMs ? moment : { at: moment.at + jump, ahead: moment.ahead + jump };
}
