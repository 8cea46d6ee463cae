// When a line was printed: the time of day in the reader's zone, and all of it on hover.
import type { JSX } from 'preact';

/** Milliseconds since the epoch; null where it is not known. */
export type LineTime = number | null;

export function LogTime({ time }: { time: LineTime }): JSX.Element {
  if (time === null) {
    return <span class="aml-log-time" />;
  }
  const { day, clock, zone, milliseconds } = partsOf(new Date(time));
  return (
    <time
      class="aml-log-time"
      dateTime={new Date(time).toISOString()}
      title={`${day} ${clock}.${milliseconds} ${zone}`}
    >
      {`${clock} `}
    </time>
  );
}

/** By hand: a log has thousands of lines, and a formatter of a language takes ten times as long. */
function partsOf(moment: Date): Record<'day' | 'clock' | 'zone' | 'milliseconds', string> {
  const offset = -moment.getTimezoneOffset();
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return {
    day: [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join('-'),
    clock: [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(':'),
    zone: offset ? `UTC${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}` : 'UTC',
    milliseconds: String(moment.getMilliseconds()).padStart(3, '0')
  };
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
