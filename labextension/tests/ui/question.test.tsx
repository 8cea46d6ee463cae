import { render } from 'preact';
import { useState } from 'preact/hooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Button } from '../../src/ui/controls';
import { Question } from '../../src/ui/question';

const parent = document.createElement('div');
const act = vi.fn();
beforeEach(() => {
  document.body.append(parent);
  act.mockClear();
});
afterEach(() => {
  render(null, parent);
  parent.remove();
});

/** What asks stays beside the question, or gives its place to it. */
function Asking({ stays }: { stays: boolean }): preact.JSX.Element {
  const [isAsked, ask] = useState(false);
  return (
    <div>
      {(stays || !isAsked) && <Button click={() => ask(true)}>Delete…</Button>}
      {isAsked && (
        <Question
          words="Delete it for good?"
          yes="Delete"
          no="Keep"
          act={() => {
            act();
            ask(false);
          }}
          keep={() => ask(false)}
        />
      )}
    </div>
  );
}

const drawn = (): Promise<void> => new Promise(done => setTimeout(done, 50));
const button = (words: string): HTMLButtonElement | undefined =>
  [...parent.querySelectorAll('button')].find(one => one.textContent === words);

async function press(words: string): Promise<void> {
  button(words)!.focus();
  button(words)!.click();
  await drawn();
}

describe.each([true, false])('a question whose button stays: %s', stays => {
  beforeEach(async () => {
    render(<Asking stays={stays} />, parent);
    await press('Delete…');
  });

  it('is asked in a group, and has the focus on the way back', () => {
    const group = parent.querySelector('[role=group]')!;
    expect(group.getAttribute('aria-label')).toBe('Delete it for good?');
    expect(document.activeElement).toBe(button('Keep'));
    expect(act).not.toHaveBeenCalled();
  });

  it('gives the focus back when nothing is done', async () => {
    await press('Keep');
    expect(parent.querySelector('[role=group]')).toBeNull();
    expect(document.activeElement).toBe(button('Delete…'));
    expect(act).not.toHaveBeenCalled();
  });

  it('is answered with no by Escape, which goes no further', async () => {
    const outside = vi.fn();
    parent.addEventListener('keydown', outside);
    document.activeElement!.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })
    );
    await drawn();
    expect(parent.querySelector('[role=group]')).toBeNull();
    expect(outside).not.toHaveBeenCalled();
    parent.removeEventListener('keydown', outside);
  });

  it('does what was asked', async () => {
    await press('Delete');
    expect(act).toHaveBeenCalledTimes(1);
    expect(document.activeElement).toBe(button('Delete…'));
  });

  it('leaves the focus where the reader has put it meanwhile', async () => {
    const box = document.body.appendChild(document.createElement('input'));
    button('Keep')!.click();
    box.focus();
    await drawn();
    expect(document.activeElement).toBe(box);
    box.remove();
  });
});
