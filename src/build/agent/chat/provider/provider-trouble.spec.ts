import type { Refusal } from './provider-connection.js';
import { troubleOf } from './provider-trouble.js';

function trouble(refusal: Partial<Refusal>) {
  const found = troubleOf(
    { status: 400, retryAfterMs: undefined, text: '', ...refusal },
    new Error('as the library has it'),
    'sk-secret',
  );
  return found.kind === 'stop' ? found.stopped.reason : found.kind;
}

describe(troubleOf, () => {
  it.each<[Partial<Refusal>, string]>([
    [{ status: 429 }, 'wait'],
    [{ status: 408 }, 'wait'],
    [{ status: 500 }, 'wait'],
    [{ status: 503 }, 'wait'],
    [{ status: 529 }, 'wait'],
    [{ status: 429, text: '{"code":"insufficient_quota"}' }, 'provider_quota'],
    [{ status: 402 }, 'provider_quota'],
    [{ status: 401 }, 'provider_refused'],
    [{ status: 403 }, 'provider_refused'],
    [{ status: 404 }, 'provider_refused'],
    [{ status: 400, text: 'tools are not supported' }, 'provider_refused'],
    [{ status: 400, text: '{"code":"context_length_exceeded"}' }, 'overflow'],
    [{ status: 400, text: 'prompt is too long: 210000 tokens > 200000 maximum' }, 'overflow'],
    [{ status: 413 }, 'overflow'],
  ])('%j: %s', (refusal, expected) => {
    expect(trouble(refusal)).toBe(expected);
  });

  it('waits as long as the provider says', () => {
    const refusal = { status: 429, retryAfterMs: 7000, text: '' };
    expect(troubleOf(refusal, null, undefined)).toMatchObject({ kind: 'wait', afterMs: 7000 });
  });

  it('repeats what the provider says, and never the key', () => {
    const text = `no sk-secret here\u0000\n${'x'.repeat(1000)}`;
    const found = troubleOf({ status: 422, retryAfterMs: undefined, text }, null, 'sk-secret');
    expect(found).toMatchObject({
      stopped: {
        message: expect.stringMatching(
          /^The model provider refused the request \(422\): no \[key\] here x+\n\[cut: 300 of \d+ characters shown\]$/,
        ),
      },
    });
  });
});
