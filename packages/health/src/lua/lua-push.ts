import type { LuaLibrary, LuaModule } from './lua-library.ts';

/** Stack slots that one level of a table needs. */
const slots = 4;
/** Texts up to a third of this go through one piece of memory that is kept; UTF-8 takes up to three bytes a unit. */
const scratchBytes = 3 * 2 ** 16;
const shortText = 64;
const lastAscii = 127;

/** Pushes JSON values; objects and arrays become tables, null becomes nil. */
export type PushValue = (state: number, value: unknown) => void;

/** Puts texts where Lua can take them from. */
function textWriter(module: LuaModule): (state: number, text: string) => void {
  const encoder = new TextEncoder();
  const scratch = module._malloc(scratchBytes);
  const write = (state: number, text: string, pointer: number, size: number) => {
    const { written } = encoder.encodeInto(text, module.HEAPU8.subarray(pointer, pointer + size));
    module._lua_pushlstring(state, pointer, written);
  };
  /** Short and plain, as most are: a loop is faster than the encoder. */
  const writeShort = (state: number, text: string): boolean => {
    const memory = module.HEAPU8;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > lastAscii) return false;
      memory[scratch + index] = unit;
    }
    module._lua_pushlstring(state, scratch, text.length);
    return true;
  };
  return (state, text) => {
    if (text.length <= shortText && writeShort(state, text)) return;
    const size = 3 * text.length;
    if (size <= scratchBytes) return write(state, text, scratch, scratchBytes);
    const pointer = module._malloc(size);
    write(state, text, pointer, size);
    module._free(pointer);
  };
}

/** Made once for a library: what it needs of its memory is kept. */
export function createPush({ module }: LuaLibrary): PushValue {
  const pushText = textWriter(module);
  const push: PushValue = (state, value) => {
    if (typeof value === 'string') pushText(state, value);
    else if (typeof value === 'boolean') module._lua_pushboolean(state, value ? 1 : 0);
    else if (typeof value === 'bigint') module._lua_pushinteger(state, BigInt.asIntN(64, value));
    else if (typeof value === 'number') pushNumber(state, value);
    else if (typeof value === 'object' && value !== null) pushTable(state, value);
    else module._lua_pushnil(state);
  };
  const pushNumber = (state: number, value: number): void => {
    if (Number.isSafeInteger(value)) module._lua_pushinteger(state, BigInt(value));
    else module._lua_pushnumber(state, value);
  };
  const pushTable = (state: number, value: object): void => {
    module._lua_checkstack(state, slots);
    if (Array.isArray(value)) {
      module._lua_createtable(state, value.length, 0);
      for (const [index, item] of value.entries()) {
        push(state, item);
        module._lua_rawseti(state, -2, BigInt(index + 1));
      }
      return;
    }
    const entries = Object.entries(value);
    module._lua_createtable(state, 0, entries.length);
    for (const [name, item] of entries) {
      pushText(state, name);
      push(state, item);
      module._lua_rawset(state, -3);
    }
  };
  return push;
}
