// Points in the order of their x.

export interface Points<A extends ArrayLike<number>> {
  x: A;
  y: A;
}

/** Points by ascending x, which most are by themselves; those without a place are left out. */
export function ascending<A extends ArrayLike<number>>({ x, y }: Points<A>): Points<A | number[]> {
  let isSorted = true;
  for (let place = 0; place < x.length; place += 1) {
    isSorted &&= isFinite(x[place]!) && (place === 0 || x[place - 1]! <= x[place]!);
  }
  if (isSorted) {
    return { x, y };
  }
  const order = Array.from(x, (_, place) => place).filter(place => isFinite(x[place]!));
  order.sort((one, other) => x[one]! - x[other]!);
  return { x: order.map(place => x[place]!), y: order.map(place => y[place]!) };
}

/** The first place in ascending numbers that is not below a value. */
export function firstAtLeast(numbers: ArrayLike<number>, value: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
