/**
 * Runs in every state before the user's script: takes away what reaches outside of the object (files, processes, the debug
 * interface; finalizers and handlers of xpcall, which no limit can interrupt), and adds names of Lua 5.1, which scripts for Argo CD are written in.
 * Its argument says whether all (harmless) libraries are wanted.
 */
export const luaPrelude = `
local open = ...
local clock = { time = os.time, date = os.date }
if open then clock.clock, clock.difftime = os.clock, os.difftime end
local plain_setmetatable, plain_error, plain_type, plain_rawget = setmetatable, error, type, rawget
local plain_load, plain_tostring = load, tostring
io, debug, os, dofile, loadfile, print, warn, collectgarbage = nil
os = clock
setmetatable = function(value, meta)
  if plain_type(meta) == 'table' and plain_rawget(meta, '__gc') ~= nil then
    plain_error('finalizers are not available', 2)
  end
  return plain_setmetatable(value, meta)
end
load = function(chunk, name, _, environment)
  if environment == nil then return plain_load(chunk, name, 't') end
  return plain_load(chunk, name, 't', environment)
end
loadstring = load
local plain_pcall, plain_pack, plain_unpack = pcall, table.pack, table.unpack
xpcall = function(body, handler, ...)
  local results = plain_pack(plain_pcall(body, ...))
  if results[1] then return plain_unpack(results, 1, results.n) end
  return false, handler(results[2])
end
unpack = table.unpack
table.getn = function(list) return #list end
print = function() end
if open then
  math.pow = function(base, exponent) return base ^ exponent end
  math.mod = math.fmod
  string.gfind, string.dump = string.gmatch, nil
else
  string, math, coroutine, utf8 = nil
end
local loaded = { _G = _G, os = os, table = table, string = string, math = math, coroutine = coroutine, utf8 = utf8 }
package = { loaded = loaded }
require = function(name)
  if loaded[name] == nil then plain_error('module ' .. plain_tostring(name) .. ' is not available', 2) end
  return loaded[name]
end
`;
