import { errorMessage } from '@plumbline/errors';
import { loadText, precompiled } from './lua-chunks.ts';
import { type LuaLibrary, loadLuaLibrary } from './lua-library.ts';
import { createLuaGuard, type LuaGuard, type LuaLimits } from './lua-limits.ts';
import { luaPrelude } from './lua-prelude.ts';
import { createPush, type PushValue } from './lua-push.ts';
import { readValue } from './lua-values.ts';

/** A script and what it sees. */
interface LuaRun {
  script: string;
  /** Global variables, as JSON values. */
  globals: Readonly<Record<string, unknown>>;
  /** Argo CD's `useOpenLibs`: string, math, coroutine and utf8 as well. Default: base, table and a safe os. */
  openLibraries?: boolean;
}

/** What a script returned (undefined for nil), or why it failed; `overtime` where its time ran out. */
export type LuaResult = { ok: true; value: unknown } | { ok: false; error: string; overtime?: boolean };

/** Runs scripts, each in a state of its own that is gone afterwards. Never throws and never takes longer than its limit. */
export interface LuaMachine {
  run(run: LuaRun): LuaResult;
}

export interface LuaMachineOptions {
  limits?: LuaLimits;
  /** Milliseconds; default the process's monotonic clock. */
  now?: () => number;
}

/** Reference §5: one second. */
const defaultLimits: LuaLimits = { timeMs: 1_000, memoryBytes: 32 * 2 ** 20 };

interface Loaded {
  lua: LuaLibrary;
  guard: LuaGuard;
  /** Puts {@link luaPrelude} onto the stack. */
  prelude: (state: number) => number;
  push: PushValue;
}

/** Loads Lua; what it gives is synchronous. */
export async function createLuaMachine(options: LuaMachineOptions = {}): Promise<LuaMachine> {
  const { limits = defaultLimits, now = () => performance.now() } = options;
  const load = async (): Promise<Loaded> => {
    const lua = await loadLuaLibrary();
    const prelude = precompiled(lua, { text: luaPrelude, name: '=prelude' });
    return { lua, guard: createLuaGuard(lua, now), prelude, push: createPush(lua) };
  };
  let loaded: Loaded | undefined = await load();
  const reload = (): void => {
    loaded = undefined;
    void load().then(
      (fresh) => {
        loaded = fresh;
      },
      () => {},
    );
  };
  return {
    run: (run) => {
      if (!loaded) return { ok: false, error: 'Lua is being started again after a crash' };
      try {
        return runIn(loaded, run, limits);
      } catch (error) {
        // Only what Lua itself cannot catch comes here (its stack in WebAssembly is used up): the instance is lost.
        reload();
        return { ok: false, error: `Lua crashed: ${errorMessage(error)}` };
      }
    },
  };
}

function runIn({ lua, guard, prelude, push }: Loaded, run: LuaRun, limits: LuaLimits): LuaResult {
  const state = guard.newState();
  if (state === 0) return { ok: false, error: 'there is no memory for Lua' };
  lua.luaL_openlibs(state);
  const ready = prelude(state);
  lua.lua_pushboolean(state, run.openLibraries ? 1 : 0);
  const prepared = ready === 0 ? lua.lua_pcallk(state, 1, 0, 0, 0, null) : ready;
  for (const [name, value] of Object.entries(run.globals)) {
    push(state, value);
    lua.lua_setglobal(state, name);
  }
  guard.arm(state, limits);
  const failed =
    prepared || loadText(lua, state, { text: run.script, name: '=script' }) || lua.lua_pcallk(state, 0, -1, 0, 0, null);
  const overtime = guard.disarm();
  const result = resultOf(lua, state, failed !== 0);
  if (!result.ok && overtime) result.overtime = true;
  lua.lua_close(state);
  return result;
}

function resultOf(lua: LuaLibrary, state: number, failed: boolean): LuaResult {
  if (failed) return { ok: false, error: String(readValue(lua, state) ?? 'an error that is no text') };
  try {
    return { ok: true, value: lua.lua_gettop(state) === 0 ? undefined : readValue(lua, state) };
  } catch (error) {
    return { ok: false, error: errorMessage(error) };
  }
}
