/**
 * Runs in every state before the user's script, with whether all (harmless) libraries are wanted. It takes away what reaches
 * outside of the object (files, processes, the debug interface) and what runs for long where no instruction hook looks:
 * finalizers, handlers of xpcall, `table.move`, lengths that lie, and patterns that may try too many ways to match. It adds
 * names of Lua 5.1, which scripts for Argo CD are written in.
 */
export const luaPrelude = `
local open = ...
local fail, kind, field, to_text = error, type, rawget, tostring
local meta_of, pack, unpack_list = debug.getmetatable, table.pack, table.unpack
local length, byte = string.len, string.byte
local plain_setmetatable, plain_load, plain_pcall = setmetatable, load, pcall

local clock = { time = os.time, date = os.date }
if open then clock.clock, clock.difftime = os.clock, os.difftime end
io, debug, dofile, loadfile, print, warn, collectgarbage = nil
os = clock
print = function() end

setmetatable = function(value, meta)
  if kind(meta) == 'table' and field(meta, '__gc') ~= nil then fail('finalizers are not available', 2) end
  return plain_setmetatable(value, meta)
end
load = function(chunk, name, _, environment)
  if environment == nil then return plain_load(chunk, name, 't') end
  return plain_load(chunk, name, 't', environment)
end
loadstring = load
xpcall = function(body, handler, ...)
  local results = pack(plain_pcall(body, ...))
  if results[1] then return unpack_list(results, 1, results.n) end
  return false, handler(results[2])
end

local function honest(call)
  return function(list, ...)
    local meta = meta_of(list)
    if kind(meta) == 'table' and field(meta, '__len') ~= nil then fail('__len is not available here', 2) end
    return call(list, ...)
  end
end
for _, name in ipairs({ 'insert', 'remove', 'sort', 'concat', 'unpack' }) do table[name] = honest(table[name]) end
table.move = nil
unpack = table.unpack
table.getn = function(list) return #list end

-- Ways in which n characters can be shared out among the repetitions of a pattern, from each place of the text (a pattern with ^ starts in one). Some hundred million are tried in a second.
local function ways(text, pattern)
  local n, repetitions, i = length(text), 0, 1
  while i <= length(pattern) do
    local c = byte(pattern, i)
    if c == 37 then
      if byte(pattern, i + 1) == 98 then repetitions = repetitions + 1 end
      i = i + 1
    elseif c == 42 or c == 43 or c == 45 then
      repetitions = repetitions + 1
    end
    i = i + 1
  end
  local result = byte(pattern, 1) == 94 and 1 or n
  for taken = 1, repetitions do result = result * (n + taken) / taken end
  return result
end
local function bounded(call)
  return function(text, pattern, from, plain, ...)
    local heavy = kind(text) == 'string' and kind(pattern) == 'string' and ways(text, pattern) > 1e9
    if heavy and not (plain == true) then
      fail('the pattern may take too long on a text of ' .. length(text) .. ' characters', 2)
    end
    return call(text, pattern, from, plain, ...)
  end
end
local methods = string
for _, name in ipairs({ 'find', 'match', 'gmatch', 'gsub' }) do methods[name] = bounded(methods[name]) end
methods.gfind, methods.dump = methods.gmatch, nil

if open then
  math.pow = function(base, exponent) return base ^ exponent end
  math.mod = math.fmod
else
  string, math, coroutine, utf8 = nil
end
local loaded = { _G = _G, os = os, table = table, string = string, math = math, coroutine = coroutine, utf8 = utf8 }
package = { loaded = loaded }
require = function(name)
  if loaded[name] == nil then fail('module ' .. to_text(name) .. ' is not available', 2) end
  return loaded[name]
end
`;
