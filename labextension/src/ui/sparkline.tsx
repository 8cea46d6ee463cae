// A curve as small as a word.
import type { JSX } from 'preact';
import { extentOf, toNumber } from './format';
import type { JsonScalar } from '../contract.gen';

const WIDTH = 56;
const HEIGHT = 16;

/** Decoration beside the value, so it is hidden from what is read aloud. */
export function Sparkline({ values }: { values: readonly JsonScalar[] }): JSX.Element {
  return (
    <svg
      class="aml-spark"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
    >
      <path d={sparkPath(values.map(toNumber))} />
    </svg>
  );
}

/** A value that is not finite is a gap. */
export function sparkPath(numbers: readonly number[]): string {
  const [low, high] = extentOf(numbers);
  // halves, since the span of two numbers can be beyond the largest
  const span = high / 2 - low / 2;
  const step = (WIDTH - 2) / Math.max(numbers.length - 1, 1);
  let path = '';
  let pen = 'M';
  numbers.forEach((number, place) => {
    if (!isFinite(number)) {
      pen = 'M';
      return;
    }
    const share = span > 0 ? (number / 2 - low / 2) / span : 0.5;
    path += `${pen}${(1 + place * step).toFixed(1)} ${(HEIGHT - 2 - share * (HEIGHT - 4)).toFixed(1)}`;
    pen = 'L';
  });
  return path;
}
