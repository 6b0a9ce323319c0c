export { mac, sealKeyFrom, verifyMac } from './seal.ts';
export { createStore, type StoreOptions } from './store.ts';
export type { Counters, JsonCache, PubSub, SealedCache, Store, Worker, WorkQueue } from './types.ts';
