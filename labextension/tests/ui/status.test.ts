import { describe, expect, it } from 'vitest';
import { statusText, tone } from '../../src/ui/status';

describe('a status', () => {
  it('has a glyph, a word and a colour', () => {
    expect([statusText('Completed'), tone('Completed'), tone('Queued')]).toEqual([
      '✓ Completed',
      'aml-good',
      'aml-calm'
    ]);
  });

  it.each(['constructor', 'toString', '__proto__'])('may be called %s', name => {
    expect([statusText(name), tone(name)]).toEqual([`· ${name}`, 'aml-calm']);
  });

  it('hides nothing', () => {
    expect(statusText('a\u202eb\nc')).toBe('· a\ufffdb c');
  });
});
