import type { LuaWasm } from 'wasmoon';

/** The parts of the Lua library that are used, by their C names. */
export type LuaLibrary = Pick<
  LuaWasm,
  | 'luaL_newstate'
  | 'lua_getallocf'
  | 'lua_setallocf'
  | 'lua_close'
  | 'lua_sethook'
  | 'lua_error'
  | 'lua_pcallk'
  | 'luaL_loadbufferx'
  | 'luaL_openlibs'
  | 'lua_gettop'
  | 'lua_settop'
  | 'lua_type'
  | 'lua_next'
  | 'lua_pushvalue'
  | 'lua_pushboolean'
  | 'lua_pushstring'
  | 'lua_setglobal'
  | 'lua_toboolean'
  | 'lua_tonumberx'
  | 'lua_tolstring'
> & { module: LuaModule };

/** What of the WebAssembly module itself is used: memory and functions that Lua calls back. */
export interface LuaModule {
  _malloc(bytes: number): number;
  _realloc(pointer: number, bytes: number): number;
  _free(pointer: number): void;
  lengthBytesUTF8(text: string): number;
  stringToUTF8(text: string, pointer: number, bytes: number): void;
  /** Returns the function's index; `signature` as Emscripten writes them, `i` for an integer, `v` for nothing. */
  addFunction(callback: (...values: number[]) => number | undefined, signature: string): number;
  /** The memory; another array after it has grown. */
  readonly HEAPU8: Uint8Array;
  // Called thousands of times for one object: the wrappers around them would cost more than they do.
  _lua_checkstack(state: number, slots: number): number;
  _lua_createtable(state: number, items: number, fields: number): void;
  _lua_rawset(state: number, index: number): void;
  _lua_rawseti(state: number, index: number, key: bigint): void;
  _lua_pushnil(state: number): void;
  _lua_pushboolean(state: number, value: number): void;
  _lua_pushnumber(state: number, value: number): void;
  _lua_pushinteger(state: number, value: bigint): void;
  _lua_pushlstring(state: number, text: number, bytes: number): number;
  _lua_dump(state: number, writer: number, data: number, strip: number): number;
}

/** Type numbers of Lua values. */
export const luaType = { nil: 0, boolean: 1, number: 3, string: 4, table: 5 } as const;

/** Loads Lua (about 12 MB of memory), a fresh WebAssembly instance each time. */
export async function loadLuaLibrary(): Promise<LuaLibrary> {
  const { LuaWasm } = await import('wasmoon');
  return (await LuaWasm.initialize()) as unknown as LuaLibrary;
}
