import type { LuaLibrary } from './lua-library.ts';

/** What one run of a script may use. */
export interface LuaLimits {
  /** Milliseconds of wall time. */
  timeMs: number;
  /** Bytes that the script may hold, beyond its input. */
  memoryBytes: number;
}

/** Guards the runs of one Lua library, one at a time. */
export interface LuaGuard {
  /** Creates a state; 0 where there is no memory for it. */
  newState(): number;
  /** From now on the state is limited. */
  arm(state: number, limits: LuaLimits): void;
  /** Nothing is limited any more: results can be read and the state closed. Tells whether time ran out. */
  disarm(): boolean;
}

/** Event mask: after a count of instructions. */
const countMask = 8;
const instructionsBetweenLooks = 1_000;

/** What the script is told when its time is over; it reaches the user as the error of the script. */
const complaint = (timeMs: number) => `the script ran longer than ${timeMs / 1_000} s`;

/** Counts what a state holds, in place of Lua's own allocator; both take it from the same heap. */
function createAllocator(lua: LuaLibrary) {
  const { module } = lua;
  let used = 0;
  let limit = Number.POSITIVE_INFINITY;
  let own = 0;
  const allocate = module.addFunction((_, pointer = 0, before = 0, after = 0) => {
    const held = pointer === 0 ? 0 : before;
    if (after === 0) {
      used -= held;
      module._free(pointer);
      return 0;
    }
    if (after > held && used + after - held > limit) return 0;
    const moved = module._realloc(pointer, after);
    if (moved !== 0) used += after - held;
    return moved;
  }, 'iiiii');
  return {
    install: (state: number, bytes: number) => {
      used = 0;
      limit = bytes;
      own = lua.lua_getallocf(state, null);
      lua.lua_setallocf(state, allocate, null);
    },
    remove: (state: number) => {
      limit = Number.POSITIVE_INFINITY;
      lua.lua_setallocf(state, own, null);
    },
  };
}

/** Looks at the time every thousand instructions, and breaks off what runs too long. */
function createTimer(lua: LuaLibrary, now: () => number) {
  let main = 0;
  let deadline = Number.POSITIVE_INFINITY;
  let timeMs = 0;
  let overtime = false;
  const look = lua.module.addFunction((state = 0) => {
    if (now() < deadline) return undefined;
    overtime = true;
    // A script that catches the error meets it again at its next instruction, until it has ended.
    lua.lua_sethook(state, look, countMask, 1);
    lua.lua_sethook(main, look, countMask, 1);
    lua.lua_pushstring(state, complaint(timeMs));
    lua.lua_error(state);
    return undefined;
  }, 'vii');
  return {
    start: (state: number, limitMs: number) => {
      main = state;
      overtime = false;
      timeMs = limitMs;
      deadline = now() + limitMs;
      lua.lua_sethook(state, look, countMask, instructionsBetweenLooks);
    },
    /** Tells whether time ran out. */
    stop: (state: number): boolean => {
      deadline = Number.POSITIVE_INFINITY;
      lua.lua_sethook(state, null, 0, 0);
      return overtime;
    },
  };
}

/** Limits without threads or timers. `now` is in milliseconds. */
export function createLuaGuard(lua: LuaLibrary, now: () => number): LuaGuard {
  const allocator = createAllocator(lua);
  const timer = createTimer(lua, now);
  let armed = 0;
  return {
    newState: () => lua.luaL_newstate(),
    arm: (state, limits) => {
      armed = state;
      allocator.install(state, limits.memoryBytes);
      timer.start(state, limits.timeMs);
    },
    disarm: () => {
      if (armed === 0) return false;
      const state = armed;
      armed = 0;
      allocator.remove(state);
      return timer.stop(state);
    },
  };
}
