import { describe, expect, it, vi } from 'vitest';
import { EventParser } from '../../src/lab/server/event_parser';
import { delayAfter } from '../../src/ui/place/retry';
import { Turns } from '../../src/lab/server/turns';

describe('the parser of events', () => {
  const text =
    ': hello\r\n\r\nevent: view\r\nid: t1\r\ndata: {"a":\r\ndata: "ü"}\r\n\r\nid\ndata:x\n\nevent:end\rdata: \r\r: ping\n\n';
  const events = [
    { name: 'view', data: '{"a":\n"ü"}', id: 't1' },
    { name: 'message', data: 'x', id: '' },
    { name: 'end', data: '', id: '' }
  ];

  it('reads events in one piece', () => {
    expect(new EventParser().feed(text)).toEqual(events);
  });

  it.each([1, 2, 3, 5, 7])('reads them from pieces of %i characters', size => {
    const parser = new EventParser();
    const found = [];
    for (let start = 0; start < text.length; start += size) {
      found.push(...parser.feed(text.slice(start, start + size)));
    }
    expect(found).toEqual(events);
  });

  it('ignores fields that it does not know and ids with NUL', () => {
    expect(new EventParser().feed('retry: 5\nid: a\0b\nfoo\ndata: 1\n\n')).toEqual([
      { name: 'message', data: '1', id: null }
    ]);
  });

  it('keeps an event until it is complete', () => {
    const parser = new EventParser();
    expect(parser.feed('data: 1\n')).toEqual([]);
    expect(parser.feed('\n')).toHaveLength(1);
  });
});

describe('the delay before the next try', () => {
  it('doubles from half a second to fifteen', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(count => delayAfter(count, 0.5))).toEqual([
      500, 1000, 2000, 4000, 8000, 15000, 15000
    ]);
  });

  it('differs by chance', () => {
    expect(delayAfter(1, 0)).toBeCloseTo(400);
    expect(delayAfter(1, 1)).toBeCloseTo(600);
  });
});

describe('turns', () => {
  it('has nobody wait who left', () => {
    vi.useFakeTimers();
    const turns = new Turns(1, 10);
    const holder = (): { begin: ReturnType<typeof vi.fn>; end: ReturnType<typeof vi.fn> } => ({
      begin: vi.fn(),
      end: vi.fn()
    });
    const [first, second] = [holder(), holder()];
    turns.enter(first);
    turns.enter(first);
    turns.enter(second);
    turns.leave(second);
    vi.advanceTimersByTime(100);
    expect(first.begin).toHaveBeenCalledTimes(1);
    expect(first.end).not.toHaveBeenCalled();
    expect(second.begin).not.toHaveBeenCalled();
    vi.useRealTimers();
  });
});
