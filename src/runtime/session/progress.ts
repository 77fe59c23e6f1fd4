/** The part of a terminal stream that a progress bar needs. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A progress bar. Exactly one of `finish` and `clear` ends it. */
export interface Progress {
  /** Says how many of the steps are done. */
  update(done: number): void;
  /** Replaces the bar by one line that says how long it took. */
  finish(): void;
  /** Takes the bar away, for a failure's message. */
  clear(): void;
}

const REDRAW_MILLISECONDS = 250;
const BAR_CELLS = 24;
const CLEAR_LINE = "\r\u001b[2K";

/**
 * Shows progress through `total` tiles. On a terminal: a bar with the tiles done and the time left. Elsewhere, such as
 * in a log: a line at the beginning and one at the end.
 */
export function createProgress(
  stream: ProgressStream,
  total: number,
  label: string,
  clock: () => number = () => performance.now(),
): Progress {
  const start = clock();
  let done = 0;
  let shown = false;
  const draw = () => {
    const line = progressLine(label, done, total, clock() - start);
    // A line that wraps could not be taken away again.
    stream.write(CLEAR_LINE + line.slice(0, Math.max(0, (stream.columns ?? 80) - 1)));
    shown = true;
  };
  const clear = () => {
    clearInterval(timer);
    if (shown) stream.write(CLEAR_LINE);
    shown = false;
  };
  // A tile may take a minute: the clock should move meanwhile, but not keep the process alive.
  const timer = stream.isTTY ? setInterval(draw, REDRAW_MILLISECONDS).unref() : undefined;
  if (stream.isTTY) draw();
  // A log that says nothing for minutes looks as if the program hung.
  else stream.write(`${label}: ${tiles(total)} to do\n`);
  return {
    update: (steps) => {
      done = steps;
      if (stream.isTTY) draw();
    },
    finish: () => {
      clear();
      stream.write(`${label}: ${tiles(total)} in ${duration(clock() - start)}\n`);
    },
    clear,
  };
}

/** One state of the bar, without line break. `elapsed` in milliseconds. */
export function progressLine(label: string, done: number, total: number, elapsed: number): string {
  const fraction = total === 0 ? 1 : Math.min(1, done / total);
  const cells = Math.round(BAR_CELLS * fraction);
  const bar = "█".repeat(cells) + "░".repeat(BAR_CELLS - cells);
  // Before the first tile there is nothing to reckon from.
  const time =
    done === 0 ? `${duration(elapsed)} so far` : `${duration((elapsed / done) * (total - done))} left`;
  return `${label} ${bar} ${done}/${tiles(total)}, ${time}`;
}

function tiles(count: number): string {
  return `${count} ${count === 1 ? "tile" : "tiles"}`;
}

function duration(milliseconds: number): string {
  if (milliseconds < 9950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, "0")} min`;
}
