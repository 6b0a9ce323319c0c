import { beforeAll, describe, expect, test } from 'vitest';
import { createLuaMachine, type LuaMachine } from './lua-machine.ts';

let machine: LuaMachine;
beforeAll(async () => {
  machine = await createLuaMachine({ limits: { timeMs: 100, memoryBytes: 8 * 2 ** 20 } });
});

const obj = {
  text: 'Grüße "\n\u0001',
  big: 9007199254740993n,
  float: 0.5,
  yes: true,
  none: null,
  list: [{ a: 1 }, { a: 2 }],
  map: { 'with-dash': [] },
  long: 'é'.repeat(100_000),
};

function value(script: string, openLibraries = false): unknown {
  const result = machine.run({ script, globals: { obj }, openLibraries });
  return result.ok ? result.value : { error: result.error };
}

describe('a script', () => {
  test.each<[string, string, unknown]>([
    ['sees text as it is', 'return obj.text', obj.text],
    ['sees long text', 'return #obj.long', 200_000],
    ['sees numbers', 'return {obj.float, obj.list[2].a + 1}', [0.5, 3]],
    ['sees null as nil', 'return obj.none == nil and obj.yes', true],
    ['counts lists from 1', 'local n = 0 for i, e in ipairs(obj.list) do n = n + i * e.a end return n', 5],
    ['reads names that are no identifiers', "return #obj.map['with-dash']", 0],
    ['returns tables of fields', 'return {status = "Healthy", message = "a"}', { status: 'Healthy', message: 'a' }],
    ['returns nothing', 'local a = 1', undefined],
    ['may use names of Lua 5.1', 'return table.getn({unpack({1, 2})})', 2],
    ['gets os by require', 'return require("os").time() > 1700000000', true],
    ['may catch errors', 'return pcall(error, "x")', 'x'],
    [
      'may sort and join',
      'local t = {3, 1, 2} table.sort(t) table.insert(t, 4) return table.concat(t, ",")',
      '1,2,3,4',
    ],
  ])('%s', (_, script, expected) => {
    expect(value(script)).toEqual(expected);
  });

  test('has string and math only with open libraries', () => {
    expect(value('return string == nil and math == nil')).toBe(true);
    expect(value('return string.match("abc", "b") .. math.floor(2.5)', true)).toBe('b2');
    const time = '("2026-01-02T03:04:05Z"):match("(%d+)-(%d+)-(%d+)T(%d+):(%d+):(%d+)Z")';
    expect(value(`local y, m = ${time} return y .. m`, true)).toBe('202601');
    expect(value('return (("a b "):rep(2000):gsub("%s+", ""))', true)).toBe('ab'.repeat(2000));
    expect(value('return ("x"):rep(4000):find("nothing*", 1, true) == nil', true)).toBe(true);
  });

  test.each(['io', 'debug', 'dofile', 'loadfile', 'os.execute', 'os.getenv', 'os.exit', 'os.remove', 'string.dump'])(
    'has no %s',
    (name) => {
      expect(value(`return ${name} == nil`, true)).toBe(true);
    },
  );

  test('sees nothing of the script before it', () => {
    machine.run({ script: 'leak = 1; table.concat = nil', globals: {} });
    expect(value('return leak == nil and table.concat ~= nil')).toBe(true);
  });

  test('that fails tells where and why', () => {
    expect(value('\nlocal x = nil\nreturn x.y')).toEqual({
      error: "script:3: attempt to index a nil value (local 'x')",
    });
    expect(value('return return')).toEqual({ error: "script:1: unexpected symbol near 'return'" });
    expect(value('local t = {} t.t = t return t')).toEqual({
      error: 'tables are nested more than 100 deep, or hold themselves',
    });
  });
});

describe('a script is stopped', () => {
  const slow = 'the script ran longer than 0.1 s';
  test.each<[string, string, string]>([
    ['that never ends', 'while true do end', slow],
    ['that catches its end', 'while true do pcall(function() while true do end end) end', slow],
    ['that hides in a coroutine', 'while true do coroutine.wrap(function() while true do end end)() end', slow],
    ['that handles its end', 'xpcall(function() while true do end end, function() while true do end end)', slow],
    ['that holds too much', 'local t = {} for i = 1, 1e9 do t[i] = "x" .. i end', ''],
    ['that doubles text', 'local s = "x" while true do s = s .. s end', 'not enough memory'],
    ['that repeats text', 'return string.rep("x", 1e9)', 'not enough memory'],
    ['that recurses', 'local function f() return 1 + f() end return f()', ''],
    ['that recurses through C', 'local function f() return pcall(f) and error("x") end return f()', ''],
    ['that nests brackets', 'return load("return " .. string.rep("(", 1e5) .. "1" .. string.rep(")", 1e5))()', ''],
    ['whose pattern tries too much', 'return ("a"):rep(5000):find((".-"):rep(9) .. "b")', 'may take too long'],
    ['whose length lies', 'table.insert(setmetatable({}, {__len = function() return 2^53 end}), 1, 1)', '__len is not'],
    [
      'whose length lies under cover',
      'local t = setmetatable({}, {__metatable = {}, __len = function() return 2^53 end}) table.remove(t, 1)',
      '__len is not available here',
    ],
    ['that moves what is not there', 'table.move({}, 1, 2^53, 2)', 'attempt to call a nil value'],
    ['that finalizes', 'setmetatable({}, {__gc = function() while true do end end})', 'finalizers are not available'],
    [
      'whose metatable calls itself',
      'local t = setmetatable({}, {}) getmetatable(t).__index = function(_, k) return t[k] end return t.x',
      '',
    ],
  ])('%s', (_, script, error) => {
    const startedAt = performance.now();
    const result = machine.run({ script, globals: {}, openLibraries: true });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    if (error) expect(result).toMatchObject({ ok: false, error: expect.stringContaining(error) });
    expect(value('return 1 + 1')).toBe(2);
  });
});
