import type { Socket } from 'node:net';

/** Between two questions to a server whether it is there, ms; an HTTP/2 ping is no request: nothing admits or audits it. */
export const beatMs = 1_250;
/** A connection on which nothing came for so many beats in a row is dead: after 5 to 6.25 s. */
const deadAfter = 4;

/** Ends connections that say nothing any more; what was under way on them fails at once and is begun anew elsewhere. */
export interface Heartbeat {
  /** From now on until the connection closes. It must carry pings each {@link beatMs}. */
  watch(socket: Pick<Socket, 'bytesRead' | 'destroy' | 'once'>): void;
}

/**
 * Counts beats, not time: after a program that stood still, one beat goes by before what has come meanwhile is read.
 *
 * @param onDead told of a connection before it is ended
 */
export function createHeartbeat(onDead: () => void): Heartbeat {
  return {
    watch: (socket) => {
      let read = -1;
      let quiet = 0;
      const beat = setInterval(() => {
        quiet = socket.bytesRead === read ? quiet + 1 : 0;
        read = socket.bytesRead;
        if (quiet < deadAfter) return;
        clearInterval(beat);
        onDead();
        socket.destroy();
      }, beatMs).unref();
      socket.once('close', () => clearInterval(beat));
    },
  };
}
