/** What the time of a segmentation goes into. */
export const stages = [
  "read",
  "prepare",
  "open",
  "network",
  "tiles",
  "blend",
  "arg-max",
  "restore",
  "write",
] as const;

export type Stage = (typeof stages)[number];

/** Adds up milliseconds, stage by stage. Work within other work counts for its own stage alone. */
export interface Profile {
  /** Runs some work and counts its time. */
  during<T>(stage: Stage, work: () => T): T;
  /** Counts time that was taken elsewhere. */
  add(stage: Stage, milliseconds: number): void;
  readonly milliseconds: ReadonlyMap<Stage, number>;
}

export function createProfile(clock: () => number = () => performance.now()): Profile {
  const milliseconds = new Map<Stage, number>();
  const add = (stage: Stage, more: number) =>
    void milliseconds.set(stage, (milliseconds.get(stage) ?? 0) + more);
  /** The time of work within the work that runs, at every depth. */
  const inner: number[] = [];
  return {
    during: (stage, work) => {
      const start = clock();
      inner.push(0);
      try {
        return work();
      } finally {
        const whole = clock() - start;
        add(stage, whole - (inner.pop() ?? 0));
        if (inner.length > 0) inner[inner.length - 1] = (inner.at(-1) as number) + whole;
      }
    },
    add,
    milliseconds,
  };
}
