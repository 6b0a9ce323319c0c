import { PlumblineError } from '@plumbline/errors';
import { type LuaLibrary, luaType } from './lua-library.ts';

/** Deeper values are refused: in Lua, tables can hold themselves. */
const maxDepth = 100;

/** Stack slots that one level of a table needs. */
const slots = 4;

/**
 * Reads the value on top of the stack, which stays there. A table with keys 1…n becomes an array, as does an empty one;
 * any other an object. Functions and the like read as undefined. Throws `LUA_VALUE_TOO_DEEP`.
 */
export function readValue(lua: LuaLibrary, state: number, depth = 0): unknown {
  switch (lua.lua_type(state, -1) as number) {
    case luaType.boolean:
      return lua.lua_toboolean(state, -1) !== 0;
    case luaType.number:
      return lua.lua_tonumberx(state, -1, null);
    case luaType.string:
      return lua.lua_tolstring(state, -1, null);
    case luaType.table:
      return readTable(lua, state, depth);
    default:
      return undefined;
  }
}

function readTable(lua: LuaLibrary, state: number, depth: number): unknown {
  if (depth >= maxDepth) {
    throw new PlumblineError('LUA_VALUE_TOO_DEEP', `tables are nested more than ${maxDepth} deep, or hold themselves`);
  }
  lua.module._lua_checkstack(state, slots);
  const items: unknown[] = [];
  const fields = new Map<string, unknown>();
  lua.module._lua_pushnil(state);
  while (lua.lua_next(state, -2) !== 0) {
    const value = readValue(lua, state, depth + 1);
    const key = readKey(lua, state);
    if (typeof key === 'number' && Number.isInteger(key) && key >= 1) items[key - 1] = value;
    else if (key !== undefined) fields.set(String(key), value);
    lua.lua_settop(state, -2);
  }
  const dense = Object.keys(items).length === items.length;
  if (fields.size === 0 && dense) return items;
  for (const [index, item] of Object.entries(items)) fields.set(String(Number(index) + 1), item);
  return Object.fromEntries(fields);
}

/** The key below the value. A copy is read: turning the key itself into text would confuse the iteration. */
function readKey(lua: LuaLibrary, state: number): unknown {
  lua.lua_pushvalue(state, -2);
  const type = lua.lua_type(state, -1) as number;
  const key = type === luaType.number || type === luaType.string ? readValue(lua, state) : undefined;
  lua.lua_settop(state, -2);
  return key;
}
