/** Lets only so many through at a time. */
export interface Limiter {
  /** Resolves when there is room, with the function that gives the place back (safe to call twice). */
  enter(): Promise<() => void>;
}

export function createLimiter(places: number): Limiter {
  let free = places;
  const waiting: (() => void)[] = [];
  const leaveOnce = () => {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    };
  };
  return {
    enter: async () => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return leaveOnce();
    },
  };
}
