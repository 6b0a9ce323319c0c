import { createHash } from 'node:crypto';
import type { Logger } from '@plumbline/telemetry';
import type { Redis } from 'ioredis';

/** The type that Redis tells of each key of a queue that BullMQ uses for us. */
const expectedTypes = {
  wait: 'list',
  active: 'list',
  stalled: 'set',
  marker: 'zset',
  meta: 'hash',
  events: 'stream',
  id: 'string',
  'stalled-check': 'string',
} as const;

/** Keys of what we never use: paused, delayed or prioritised entries, rate limits, and entries kept after their end. */
const foreignKeys = [
  ...['paused', 'delayed', 'prioritized', 'pc', 'limiter', 'repeat', 'waiting-children'],
  ...['completed', 'failed', 'de'],
] as const;

/** Fields of a queue's settings that would stop or slow its workers. */
const foreignSettings = ['paused', 'concurrency', 'max', 'duration'] as const;

/** How far (ms) the last event may be ahead of the clock of Redis. */
const maxAheadMs = 60_000;

const expected = { types: expectedTypes, foreign: foreignKeys, settings: foreignSettings, ahead: maxAheadMs };

/** KEYS: the queue's prefix. ARGV: a JSON of entries to look at. Answers what it dropped. */
const script = `
local prefix, expected = KEYS[1], cjson.decode('${JSON.stringify(expected)}')
local dropped = {}
local function typeOf(key) return redis.call('TYPE', key).ok end
local function drop(name)
  if redis.call('DEL', prefix .. name) == 1 then table.insert(dropped, name) end
end
for name, kind in pairs(expected.types) do
  local found = typeOf(prefix .. name)
  if found ~= 'none' and found ~= kind then drop(name) end
end
for _, name in ipairs(expected.foreign) do drop(name) end
for _, field in ipairs(expected.settings) do
  if redis.call('HDEL', prefix .. 'meta', field) == 1 then table.insert(dropped, 'meta ' .. field) end
end
local kept = redis.call('HGET', prefix .. 'meta', 'opts.maxLenEvents')
if kept and not string.find(kept, '^[1-9]%d*$') then drop('meta') end
local count = redis.call('GET', prefix .. 'id')
if count and not string.find(count, '^%d?%d?%d?%d?%d?%d?%d?%d?%d?%d?%d?%d?%d?%d?%d?$') then drop('id') end
if redis.call('PTTL', prefix .. 'stalled-check') == -1 then drop('stalled-check') end
if typeOf(prefix .. 'events') == 'stream' then
  local facts, last = redis.call('XINFO', 'STREAM', prefix .. 'events'), '0'
  for index = 1, #facts, 2 do if facts[index] == 'last-generated-id' then last = facts[index + 1] end end
  if tonumber(string.match(last, '^%d+')) > redis.call('TIME')[1] * 1000 + expected.ahead then drop('events') end
end
for _, entry in ipairs(cjson.decode(ARGV[1])) do
  local job = prefix .. entry.name
  local queued = redis.call('LPOS', prefix .. 'wait', entry.name) or redis.call('LPOS', prefix .. 'active', entry.name)
  if entry.broken or not queued or typeOf(job) ~= 'hash' then
    redis.call('LREM', prefix .. 'wait', 0, entry.name)
    redis.call('LREM', prefix .. 'active', 0, entry.name)
    redis.call('DEL', job .. ':lock')
    drop(entry.name)
  elseif redis.call('PTTL', job .. ':lock') == -1 then
    drop(entry.name .. ':lock')
  end
end
return dropped`;

const digest = createHash('sha1').update(script).digest('hex');

/** By its digest, as Redis knows it after the first time. */
async function run(redis: Redis, prefix: string, entries: string): Promise<string[]> {
  try {
    return (await redis.evalsha(digest, 1, prefix, entries)) as string[];
  } catch (error) {
    if (!String(error).includes('NOSCRIPT')) throw error;
    return (await redis.eval(script, 1, prefix, entries)) as string[];
  }
}

/** An entry that does not get on. */
export interface SuspectEntry {
  name: string;
  /** What it carries is not what was added: it is dropped wherever it is. Else only one that is in no list is. */
  broken: boolean;
}

interface QueueRepairParts {
  name: string;
  redis: Redis;
  logger: Logger;
  toKey(name: string): string;
}

/**
 * Drops the keys of a queue that are not as BullMQ makes them: of another type, with numbers that are none, paused, or an
 * entry that no list knows. Nothing of a queue is worth keeping, because callers add again what vanished (`RedisWorkQueue`).
 * It is one step in Redis, so that it never sees a change half done.
 */
export function createQueueRepair({ name, redis, logger, toKey }: QueueRepairParts) {
  return async (entries: readonly SuspectEntry[] = []): Promise<readonly string[]> => {
    const dropped = await run(redis, toKey(''), JSON.stringify(entries));
    if (dropped.length > 0) {
      logger.warn('keys of a work queue were not as they must be, and are dropped', { queue: name, keys: dropped });
    }
    return dropped;
  };
}

export type QueueRepair = ReturnType<typeof createQueueRepair>;
