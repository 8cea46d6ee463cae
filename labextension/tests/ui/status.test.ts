import { describe, expect, it } from 'vitest';
import { statusElement, statusText, tone } from '../../src/ui/status';

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
    expect(statusElement('a\u202eb\nc').textContent).toBe('· a\ufffdb c');
  });
});
