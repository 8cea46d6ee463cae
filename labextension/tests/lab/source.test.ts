import { beforeEach, describe, expect, it } from 'vitest';
import { eventsAddress, fileAddress, path, questionAddress } from '../../src/lab/server/address';
import { quoted, runsCode } from '../../src/ui/code';
import { Source } from '../../src/lab/server/source';
import { plainly } from '../../src/ui/host';
import { json, page, Server } from './server';

const HOSTILE = [
  'a/b',
  '%2e%2e%2f',
  'a?b=c&d#e',
  '<img src=x onerror="1">',
  'ü \n',
  'a\\b',
  'javascript:1',
  ' '
];

describe('addresses', () => {
  it.each(HOSTILE)('keep the name %j as one part', name => {
    const url = new URL(
      path('workspaces', name, 'runs'),
      'http://hub.test/user/ada/aml-magics/api/'
    );
    const parts = url.pathname.split('/');
    expect(parts.slice(0, 6)).toEqual(['', 'user', 'ada', 'aml-magics', 'api', 'workspaces']);
    expect(parts).toHaveLength(8);
    expect(decodeURIComponent(parts[6]!)).toBe(name);
    expect(url.search + url.hash).toBe('');
  });

  it.each(['', '.', '..'])('are not made of the name %j', name => {
    expect(() => path('workspaces', name)).toThrow('cannot be a part of an address');
    expect(() => fileAddress('w', 'r', `a/${name}/b`)).toThrow('cannot be a part of an address');
  });

  it('are one for each kind', () => {
    expect(questionAddress('w', 'points')).toBe('workspaces/w/ask/points');
    expect(eventsAddress('a/b', 'run')).toBe('workspaces/a%2Fb/follow/run');
  });

  it('keep the folders of a file', () => {
    expect(fileAddress('w', 'r', 'out put/a#b.bin')).toBe(
      'workspaces/w/runs/r/files/out%20put/a%23b.bin'
    );
  });
});

describe('questions', () => {
  let server: Server;
  let source: Source;

  beforeEach(() => {
    server = new Server();
    source = new Source(server, plainly);
  });

  it('are asked by POST, with what is asked in the body', async () => {
    const ghosts = source.ask('w', 'ghosts', { run: 'r' });
    await server.last.answer(json([]));
    expect(await ghosts).toEqual([]);
    expect(server.last.address).toBe('workspaces/w/ask/ghosts');
    expect(server.last.init.method).toBe('POST');
    expect(server.last.body).toEqual({ run: 'r' });
    expect(server.last.headers.get('content-type')).toBe('application/json');
    const canceled = source.ask('w', 'cancel', { run: 'r' });
    await server.last.answer(json({ status: 'CancelRequested', reason: '' }));
    expect((await canceled).status).toBe('CancelRequested');
  });

  it.each([
    [json({ message: 'Run r has no metric x.' }, 404), 'Run r has no metric x.'],
    [json({ message: 'The filter cannot be read.' }, 400), 'The filter cannot be read.'],
    [page(404), 'The server extension aml_magics is not enabled.'],
    [page(401), 'The Jupyter server asks you to sign in again.'],
    [page(500), 'The Jupyter server answered with status 500.'],
    [json({}, 503), 'The Jupyter server answered with status 503.']
  ])('that are refused say why (%#)', async (response, message) => {
    const asked = source.ask('w', 'ghosts', { run: 'r' });
    const failed = expect(asked).rejects.toThrow(message);
    await server.last.answer(response);
    await failed;
  });

  it('that reach nobody say so', async () => {
    const failed = expect(source.ask('w', 'ghosts', { run: 'r' })).rejects.toThrow(
      'The Jupyter server does not answer.'
    );
    await server.last.fail();
    await failed;
  });

  it('of a name that would lead elsewhere are not asked', async () => {
    await expect(source.ask('..', 'ghosts', { run: 'r' })).rejects.toThrow(
      'cannot be a part of an address'
    );
    expect(server.requests).toHaveLength(0);
  });

  it.each([
    [['a', 'b']],
    [{ workspaces: ['a', 'b'] }],
    [{ workspaces: [{ name: 'a' }, { name: 'b' }] }]
  ])('find the workspaces in %j', async answer => {
    const names = source.workspaces();
    await server.last.answer(json(answer));
    expect(await names).toEqual(['a', 'b']);
  });
});

describe('code for the notebook', () => {
  it('names runs by their ids', () => {
    expect(runsCode(['4f1c2a3b', 'exp_1.0-x'])).toBe('runs = %aml runs 4f1c2a3b exp_1.0-x');
    expect(runsCode([])).toBe('runs = %aml runs');
  });

  it('takes an id that looks like an option for an id', () => {
    expect(runsCode(['--help'])).toBe("runs = %aml runs -- '--help'");
  });

  it.each([
    ['a b', "'a b'"],
    ["a'; !touch x", `'a'"'"'; !touch x'`],
    // tests/magics/test_arguments.py reads the following back
    ['{1/0}', String.raw`{"\u007b1\u002f0\u007d"}`],
    ['$HOME', String.raw`{"\u0024HOME"}`],
    ["it's $5}", String.raw`{"it\u0027s \u00245\u007d"}`],
    ['}😀', String.raw`{"\u007d\U0001f600"}`],
    ['a\nimport os', "'a import os'"],
    ['a?', "'a?'"],
    ['', "''"]
  ])('quotes %j', (id, code) => {
    expect(quoted(id)).toBe(code);
  });
});
