/** What ends a program from outside. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What is undone before a signal ends the process. */
const undone = new Set<() => void>();
let isHeld = false;

/**
 * From now on signals wait until what is being done at once is done, then undo what is to be undone and end the process;
 * before, a signal ends it wherever it is. That stays so: a listener that is taken away again loses a signal that came but
 * was not told yet. A program that minds signals itself keeps its own way. Gives what ends that `undo` is needed.
 */
export function holdSignals(undo?: () => void): () => void {
  if (!isHeld) {
    isHeld = true;
    const held = signals.filter((signal) => process.listenerCount(signal) === 0);
    for (const signal of held) process.once(signal, end);
  }
  if (!undo) return () => undefined;
  undone.add(undo);
  return () => void undone.delete(undo);
}

function end(signal: NodeJS.Signals): void {
  for (const undo of undone) undo();
  process.kill(process.pid, signal);
}
