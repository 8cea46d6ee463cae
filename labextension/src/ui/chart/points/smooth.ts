// Smoothing of a curve.

/** The exponential moving average, freed of its bias to 0 at the start; gaps stay and are not counted. */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  let mean = 0;
  let share = 1;
  for (let place = 0; place < values.length; place += 1) {
    const value = values[place]!;
    if (isFinite(value)) {
      mean = mean * weight + value * (1 - weight);
      share *= weight;
      smoothed[place] = mean / (1 - share);
    } else {
      smoothed[place] = NaN;
    }
  }
  return smoothed;
}
