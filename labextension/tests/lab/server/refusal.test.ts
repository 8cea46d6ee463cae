import { describe, expect, it } from 'vitest';
import { check, Refusal, refusalOf } from '../../../src/lab/server/refusal';
import { plainly } from '../../../src/ui/host';
import { json, page } from '../server';

async function refusal(response: Response, type = 'application/json'): Promise<Refusal | null> {
  try {
    await check(response, type, plainly);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return error as Refusal;
  }
}

describe('an answer of the server', () => {
  it('is one where its status and its type are right', async () => {
    expect(await refusal(json([]))).toBeNull();
    expect(await refusal(json([], 201))).toBeNull();
    const stream = new Response('', {
      headers: { 'content-type': 'text/event-stream;charset=utf-8' }
    });
    expect(await refusal(stream, 'text/event-stream')).toBeNull();
  });

  it.each([
    ['a page to sign in', page(200)],
    ['status 401', json({ message: 'Token is wrong.' }, 401)],
    ['an answer of no type', new Response(new Uint8Array([1]), { status: 200 })]
  ])('that is %s asks the user to sign in, and is tried again', async (_, response) => {
    expect(await refusal(response)).toMatchObject({
      kind: 'away',
      message: 'The Jupyter server asks you to sign in again.'
    });
  });

  it.each([400, 405, 409, 410, 413, 414, 422])(
    'of status %i refuses the question, which is not asked again by itself',
    async status => {
      expect(await refusal(json({ message: 'No <b>.' }, status))).toMatchObject({
        kind: 'refused',
        message: 'No <b>.'
      });
      expect(await refusal(page(status))).toMatchObject({
        kind: 'refused',
        message: `The Jupyter server answered with status ${status}.`
      });
    }
  );

  it.each([403, 408, 429, 500, 502, 503, 504])(
    'of status %i may come another time',
    async status => {
      expect(await refusal(json({ message: 'Busy.' }, status))).toMatchObject({
        kind: 'away',
        message: 'Busy.'
      });
    }
  );

  it('of status 404 tells what is not there from an extension that is not', async () => {
    expect(await refusal(json({ message: 'There is no run r.' }, 404))).toMatchObject({
      kind: 'gone',
      message: 'There is no run r.'
    });
    expect(await refusal(page(404))).toMatchObject({
      kind: 'missing',
      message: 'The server extension aml_magics is not enabled.'
    });
  });

  it.each([{}, { message: '' }, { message: 7 }, null, 'text', []])(
    'that says %j for a reason is told by its status',
    async body => {
      expect((await refusal(json(body, 500)))!.message).toBe(
        'The Jupyter server answered with status 500.'
      );
    }
  );
});

describe('a failure', () => {
  it('of any kind is one that is tried again, and a refusal stays what it is', () => {
    const known = new Refusal('gone', 'It is gone.');
    expect(refusalOf(known, plainly)).toBe(known);
    for (const error of [new TypeError('Failed to fetch'), 'text', null, undefined]) {
      expect(refusalOf(error, plainly)).toMatchObject({
        kind: 'away',
        message: 'The Jupyter server does not answer.'
      });
    }
  });
});
