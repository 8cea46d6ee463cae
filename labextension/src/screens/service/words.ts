// What is said of services in a word or two.
import type { ServiceModelView } from '../../contract.gen';
import { numberText, oneLine, secondsText } from '../../ui/format';

/** A latency in milliseconds: `3.4 ms`, `1.2 s`. */
export function latencyText(milliseconds: number | null): string {
  if (milliseconds === null) {
    return '';
  }
  return milliseconds < 1_000
    ? `${numberText(milliseconds, 3)} ms`
    : secondsText(milliseconds / 1_000);
}

/** `digits:3, scaler:1` */
export function modelsText(models: readonly ServiceModelView[]): string {
  return models
    .map(({ name, version }) => oneLine(version ? `${name}:${version}` : name))
    .join(', ');
}
