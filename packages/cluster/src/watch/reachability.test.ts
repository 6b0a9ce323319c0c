import { expect, it } from 'vitest';
import { createReachability } from './reachability.ts';

const backoff = { baseMs: 1, maxMs: 2 };
const never = () => new AbortController().signal;
const ignore = () => {};

it('waits for nothing while answers come', async () => {
  const reachability = createReachability({
    probe: () => Promise.reject(new Error('unused')),
    backoff,
    signal: never(),
  });
  await reachability.answering(never(), ignore);
});

it('asks once for all that wait, until there is an answer', async () => {
  let probes = 0;
  const probe = async () => {
    probes += 1;
    if (probes < 4) throw new Error('refused');
  };
  const reachability = createReachability({ probe, backoff, signal: never() });
  for (let watch = 0; watch < 60; watch += 1) reachability.lost();
  const told: unknown[] = [];
  await Promise.all(Array.from({ length: 60 }, () => reachability.answering(never(), (error) => told.push(error))));
  expect(probes).toBe(4);
  expect(told).toHaveLength(60);
});

it('lets go of one that gives up, and of all when the client ends', async () => {
  const end = new AbortController();
  const probe = () => Promise.reject(new Error('refused'));
  const reachability = createReachability({ probe, backoff, signal: end.signal });
  reachability.lost();
  const one = new AbortController();
  const given = reachability.answering(one.signal, ignore);
  one.abort();
  await given;
  const rest = reachability.answering(never(), ignore);
  end.abort();
  await rest;
});
