// The time of day, for what is counted while it is looked at.
import { useEffect, useState } from 'preact/hooks';

const listeners = new Map<number, Set<() => void>>();
const timers = new Map<number, ReturnType<typeof setInterval>>();

/** Call at each tick of one clock for all that have the same pause; returns what ends that. */
function onTick(pause: number, tick: () => void): () => void {
  const all = listeners.get(pause) ?? new Set();
  listeners.set(pause, all.add(tick));
  if (all.size === 1) {
    timers.set(
      pause,
      setInterval(() => [...all].forEach(each => each()), pause)
    );
  }
  return () => {
    all.delete(tick);
    if (all.size === 0) {
      clearInterval(timers.get(pause));
    }
  };
}

/** Now in milliseconds, told again every `pause` milliseconds while `isOn`. */
export function useNow(isOn: boolean, pause: number): number {
  const [, setTick] = useState(0);
  useEffect(
    () => (isOn ? onTick(pause, () => setTick(tick => tick + 1)) : undefined),
    [isOn, pause]
  );
  return Date.now();
}
