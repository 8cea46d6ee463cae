// The line of a curve, small.
import type { JSX } from 'preact';
import type { Series } from './contract';
import { dashOf } from './paint/paint';
import { PALETTE } from './paint/theme';

export function Swatch(curve: Pick<Series, 'style' | 'color'>): JSX.Element {
  return (
    <svg class="aml-swatch" width={18} height={8} aria-hidden="true">
      <path
        d="M0 4H18"
        style={`stroke: var(--aml-color-${curve.color % PALETTE})`}
        stroke-dasharray={dashOf(curve).join(' ')}
      />
    </svg>
  );
}
