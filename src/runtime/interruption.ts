/** What ends a program from outside. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Puts off signals until what is being done at once is done, then undoes what `undo` says and lets the signal end the
 * process. Without this, a signal ends it wherever it is. Gives what ends that: signals that came meanwhile still do their
 * work. A program that minds signals itself keeps its own way.
 */
export function holdSignals(undo: () => void = () => undefined): () => void {
  const held = signals.filter((signal) => process.listenerCount(signal) === 0);
  const listener = (signal: NodeJS.Signals) => {
    release();
    undo();
    process.kill(process.pid, signal);
  };
  const release = () => {
    for (const signal of held) process.removeListener(signal, listener);
  };
  for (const signal of held) process.on(signal, listener);
  // A listener is told of a signal when Node looks for what came in, which is between one such turn and the next.
  return () => void setImmediate(() => setImmediate(release));
}
