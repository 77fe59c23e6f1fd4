/** A module of the benchmarks, which are plain JavaScript. */
export function load(name: string) {
  return import(new URL(`../../bench/${name}`, import.meta.url).href);
}
