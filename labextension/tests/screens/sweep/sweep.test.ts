import { describe, expect, it } from 'vitest';
import entry from '../../../src/screens/sweep';
import { plainly } from '../../../src/ui/host';
import type { Selection } from '../../../src/ui/host';
import {
  ask,
  bed,
  button,
  host,
  inserted,
  opened,
  openTab,
  settle,
  show,
  text,
  trial,
  useBed,
  view
} from './bed';

useBed();

const rows = (): number => bed.parent.querySelectorAll('.aml-sweep-grid [role=row]').length;

describe('the head of a sweep', () => {
  it('says how far it is, and counts down what is left', async () => {
    show(view([trial(0, 0.9), trial(1, 0.1)], { early: 1 }));
    await settle();
    expect(text()).toContain('2 of 20 trials have ended, 1 go on, 1 ended early, about 2 min');
    bed.listener.link('detached', 'away');
    await settle();
    expect(text()).not.toContain('about');
  });

  it('says how many trials there were where it has ended', () => {
    const over = { is_terminal: true, status: 'Completed', seconds_left: null };
    show(view([trial(0, 0.9)], { ...over, ended: '2026-01-01T10:01:30Z' }));
    expect(text()).toContain('1 trials in 1 min 30 s');
    expect(bed.parent.querySelector('progress')).toBeNull();
    expect(() => button('Cancel')).toThrow();
  });

  it('writes the best values into the notebook', async () => {
    ask.mockResolvedValue('lr = 0.1');
    show(view([trial(3, 0.9)]));
    expect(text()).toContain('lr = 0.3, act = relu');
    button('Insert code').click();
    await settle();
    expect(ask).toHaveBeenCalledWith('trial_code', { run: 'HD_1', trial: undefined });
    expect(inserted).toHaveBeenCalledWith('lr = 0.1', false);
  });

  it('says why they could not be written', async () => {
    ask.mockRejectedValue(new Error('no best trial yet'));
    show(view([trial(3, 0.9)]));
    button('Insert code').click();
    await settle();
    expect(bed.parent.querySelector('[role=alert]')!.textContent).toBe('no best trial yet');
  });

  it('asks once more before a sweep is canceled', async () => {
    ask.mockResolvedValue({});
    show(view([trial(0)]));
    button('Cancel').click();
    await settle();
    button('No').click();
    await settle();
    expect(ask).not.toHaveBeenCalled();
    button('Cancel').click();
    await settle();
    button('Yes, cancel').click();
    await settle();
    expect(ask).toHaveBeenCalledWith('cancel', { run: 'HD_1' });
    expect(text()).toContain('Canceling…');
  });

  it('opens the run of the best trial', () => {
    show(view([trial(0, 0.9)]));
    button('0.9').click();
    expect(opened).toHaveBeenCalledWith({ kind: 'run', run: 'HD_1_0' });
  });

  it('is text, whatever names hold', () => {
    show(view([], { name: '<img src=x>', reason: '<b>why</b>' }));
    expect(text()).toContain('<img src=x>');
    expect(text()).toContain('No trial has logged acc yet.');
    expect(bed.parent.querySelector('img, b')).toBeNull();
  });

  it('tells where there are fewer trials than were asked for', () => {
    show(view([], { notice: 'Trials of this sweep: 6' }));
    expect(text()).toContain('Trials of this sweep: 6');
  });

  it('that has ended promises no metric', () => {
    show(view([], { is_terminal: true, status: 'Completed' }));
    expect(text()).toContain('No trial has logged acc.');
  });
});

describe('the trials', () => {
  it('of a large sweep are drawn as far as they are seen', () => {
    const many = Array.from({ length: 1_000 }, (_, number) => trial(number, number / 1_000));
    show(view(many));
    expect(rows()).toBeLessThan(100);
    expect(bed.parent.querySelector('[role=grid]')!.getAttribute('aria-rowcount')).toBe('1001');
    expect(bed.parent.querySelectorAll('svg')).toHaveLength(0);
  });

  it('come while it goes on', async () => {
    show(view([trial(0, 0.1)]));
    const news = view([trial(1, 0.8)], { there: 2, best: trial(1, 0.8) });
    bed.listener.event({ type: 'trials', token: 'a', view: news });
    await settle();
    expect(rows()).toBe(3);
    expect(text()).toContain('of trial 1');
  });

  it('that go on count their time', async () => {
    const waiting = trial(1, null, { status: 'Queued', started: null, seconds: null });
    show(view([trial(0, 0.1, { status: 'Running', seconds: null }), waiting]));
    await settle();
    expect(text()).toMatch(/2 min 0\d s/);
    bed.listener.link('detached', 'away');
    await settle();
    expect(text()).not.toMatch(/2 min 0\d s/);
  });

  it('that ended early are marked', () => {
    show(view([trial(0, 0.1, { is_early: true, status: 'Canceled' })]));
    expect(bed.parent.querySelector('.aml-sweep-early')!.textContent).toContain('Ended early');
  });

  it('are shared with Python as they are selected there, and become a DataFrame', async () => {
    let changed: (ids: string[]) => void = () => undefined;
    const selection: Selection = {
      get: () => [],
      set: () => undefined,
      subscribe: told => {
        changed = told;
        return () => undefined;
      }
    };
    show(view([trial(0, 0.1), trial(1, 0.2)]), { ...host, selection });
    changed(['HD_1_1']);
    await settle();
    expect(text()).toContain('1 trials are selected');
    button('To DataFrame').click();
    expect(inserted).toHaveBeenCalledWith('runs = %aml runs HD_1_1', true);
    button('Insert its values').click();
    await settle();
    expect(ask).toHaveBeenCalledWith('trial_code', { run: 'HD_1', trial: 1 });
    button('Clear').click();
    await settle();
    expect(text()).toContain('Brush the axes');
  });
});

describe('the pictures', () => {
  const trials = [trial(0, 0.1), trial(1, 0.5), trial(2, 0.3)];

  it('are parallel coordinates, whose brushed trials are selected', async () => {
    show(view(trials));
    await openTab('parallel');
    expect(bed.parent.querySelectorAll('svg').length).toBeGreaterThan(0);
    expect(text()).toContain('3 of 3 trials are within the ranges');

    const from = bed.parent.querySelector<HTMLInputElement>('.aml-bounds input[type=number]')!;
    from.value = '0.1';
    from.dispatchEvent(new Event('change'));
    await settle();
    expect(text()).toContain('2 of 3 trials are within the ranges');
    await openTab('trials');
    expect(text()).toContain('2 trials are selected');
    bed.parent.querySelector<HTMLInputElement>('.aml-toolbar input[type=checkbox]')!.click();
    await settle();
    expect(rows()).toBe(3);
  });

  it('are the best so far and a scatter', async () => {
    show(view(trials));
    await openTab('best');
    expect(bed.parent.querySelector('.aml-best-line')!.getAttribute('d')).toMatch(/^M/);
    await openTab('scatter');
    expect(bed.parent.querySelectorAll('circle')).toHaveLength(3);
  });

  it('mark what ended early by its shape, and say so', async () => {
    const early = trial(1, 0.5, { is_early: true, status: 'Canceled' });
    show(view([trial(0, 0.1), early, trial(2, 0.3)]));
    await openTab('parallel');
    const line = bed.parent.querySelector('.aml-parallel .aml-early')!;
    expect(line.querySelector('title')!.textContent).toBe('#1 trial (ended early)');
    expect(text()).toContain('ended early by the policy: 1');
    await openTab('best');
    expect(bed.parent.querySelectorAll('circle')).toHaveLength(2);
    const mark = bed.parent.querySelector('.aml-scatter .aml-early')!;
    expect(mark.getAttribute('aria-label')).toMatch(/^#1 trial \(ended early\), /);
    expect(text()).toContain('ended early by the policy: 1');
  });

  it('have no word on early ends where there are none, and begin to while trials end', async () => {
    show(view(trials));
    await openTab('best');
    expect(text()).toContain('3 of 3 trials: acc over started. The best is 0.5, of trial 1.');
    expect(text()).not.toContain('ended early by');
    const news = view([trial(2, 0.3, { is_early: true, status: 'Canceled' })], { early: 1 });
    bed.listener.event({ type: 'trials', token: 'a', view: news });
    await settle();
    expect(text()).toContain('ended early by the policy: 1');
  });

  it('are the importance of the parameters for the best metric', async () => {
    ask.mockResolvedValue({
      ...{
        metric: 'acc',
        method: 'correlation',
        runs: 3,
        explained: null,
        skipped: [],
        problem: ''
      },
      parameters: [{ name: 'lr', importance: 1, correlation: 0.9 }]
    });
    show(view(trials));
    await openTab('importance');
    expect(ask).toHaveBeenCalledWith('sweep_importance', { run: 'HD_1' });
    expect(text()).toContain('100 %');
  });
});

describe('the screen among the others', () => {
  it('is of a run, and over when all trials have ended', () => {
    show(view([]));
    const snapshot = {
      version: 1,
      workspace: 'ws',
      view: view([trial(0)], { is_terminal: true, done: 1 })
    };
    expect(entry.subjectOf(snapshot)).toEqual({ kind: 'sweep', run: 'HD_1' });
    expect(entry.isOver!(snapshot)).toBe(true);
    expect(entry.title(snapshot, { kind: 'sweep' }, plainly)).toBe('Sweep tune');
    expect(entry.command!.subjectOf({})).toBeNull();
    expect(entry.command!.subjectOf({ run: 'HD_1' })).toEqual({ kind: 'sweep', run: 'HD_1' });
    expect(entry.command!.question!.answered(' HD_1 ')).toEqual({ kind: 'sweep', run: 'HD_1' });
  });

  it('keeps its last data where the sweep was deleted', async () => {
    show(view([trial(0, 0.1)]));
    bed.listener.event({ type: 'gone', token: '', message: 'It was deleted.' });
    await settle();
    expect(text()).toContain('It was deleted.');
    expect(rows()).toBe(2);
    expect(() => button('Cancel')).toThrow();
  });
});
