import { stringifyJson } from '@plumbline/manifests';
import type { Request, Response } from 'express';
import { errorAnswer } from './error-answer.ts';

/** Keeps proxies from ending a silent stream of server-sent events; newline-delimited JSON has no comments. */
const keepAliveMs = 15_000;

/** A stream of frames to one caller (reference §8.1). */
export interface FrameStream {
  /**
   * Sends a frame. While the caller does not read, only the newest frame of each key waits, so that a slow caller costs
   * no memory and gets the newest state. A result is not changed after it was given.
   */
  send(key: string, result: unknown): void;
  /** Sends an error frame and ends the stream. */
  fail(error: unknown): void;
  end(): void;
  /** Resolves when the stream is over, whoever ended it. */
  done: Promise<void>;
}

const encoded = new WeakMap<object, string>();

/** A frame as text. One result that is sent to many streams is encoded once. */
function resultFrame(result: unknown): string {
  if (typeof result !== 'object' || result === null) return stringifyJson({ result });
  const kept = encoded.get(result);
  if (kept !== undefined) return kept;
  const json = stringifyJson({ result });
  encoded.set(result, json);
  return json;
}

/** Begins a stream: headers leave at once. Server-sent events where the caller accepts them, else newline-delimited JSON. */
export function openFrameStream(request: Request, response: Response): FrameStream {
  const events = (request.headers.accept ?? '').includes('text/event-stream');
  const waiting = new Map<string, unknown>();
  let blocked = false;
  const write = (json: string): void => {
    blocked = !response.write(events ? `data: ${json}\n\n` : `${json}\n`);
  };
  response.status(200).set({
    'content-type': events ? 'text/event-stream' : 'application/json',
    // Compression would hold frames back.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  response.on('drain', () => {
    blocked = false;
    for (const [key, result] of waiting) {
      if (blocked) return;
      waiting.delete(key);
      write(resultFrame(result));
    }
  });
  const done = new Promise<void>((resolve) => response.once('close', () => resolve()));
  const keepAlive = events ? setInterval(() => !blocked && response.write(':\n\n'), keepAliveMs) : undefined;
  response.once('close', () => clearInterval(keepAlive));
  return {
    send: (key, result) => {
      if (response.writableEnded || response.destroyed) return;
      if (blocked) waiting.set(key, result);
      else write(resultFrame(result));
    },
    fail: (error) => {
      if (response.writableEnded || response.destroyed) return;
      write(stringifyJson({ error: errorAnswer(error).body }));
      response.end();
    },
    end: () => response.end(),
    done,
  };
}
