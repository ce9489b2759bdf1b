import { describe, expect, test } from 'vitest';
import { useService } from './client.js';

const PAGE = 'https://app.example.com';

describe('calls from web pages', () => {
  const client = useService({ CORS_ORIGINS: ` ${PAGE} , https://other.example.com` });

  async function allowedOrigin(origin: string): Promise<string | null> {
    const answer = await client.get('/health/live', { headers: { Origin: origin } });
    return answer.headers.get('access-control-allow-origin');
  }

  test('are allowed from every origin of the settings', async () => {
    expect(await allowedOrigin(PAGE)).toBe(PAGE);
    expect(await allowedOrigin('https://other.example.com')).toBe('https://other.example.com');
  });

  test('are not allowed from elsewhere', async () => {
    expect(await allowedOrigin('https://evil.example.com')).toBeNull();
    expect(await allowedOrigin(`${PAGE}.evil.example.com`)).toBeNull();
  });
});

describe('by default', () => {
  const client = useService();

  test('no page may call', async () => {
    const answer = await client.get('/health/live', { headers: { Origin: PAGE } });

    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});
