import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { isForeignOrigin } from './upgrade.js';

function requestWith(headers: Record<string, string>): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { headers });
}

describe(isForeignOrigin.name, () => {
  it.each([
    [undefined, 'localhost:8000', false],
    ['http://localhost:8000', 'localhost:8000', false],
    ['http://LOCALHOST:8000', 'localhost:8000', false],
    ['https://app.example.com', 'app.example.com', false],
    ['https://app.example.com', 'app.example.com:443', false],
    ['https://friend.example', 'localhost:8000', false],
    ['http://localhost:8001', 'localhost:8000', true],
    ['http://localhost', 'localhost:8000', true],
    ['http://localhost:8000.evil.example', 'localhost:8000', true],
    ['https://evil.example', 'localhost:8000', true],
    ['https://friend.example.evil', 'localhost:8000', true],
    ['null', 'localhost:8000', true],
    ['', 'localhost:8000', true],
    ['https://evil.example', undefined, true],
  ])('origin %s at host %s: %s', (origin, host, isForeign) => {
    const request = requestWith({
      ...(origin !== undefined && { origin }),
      ...(host !== undefined && { host }),
    });
    expect(isForeignOrigin(request, ['https://Friend.example'])).toBe(isForeign);
  });
});
