import { request } from 'node:http';
import { rawRequest, sendRaw } from '../support/raw-http.js';
import { describeSecurity } from '../support/security-suite.js';

const GOOD = 'https://good.example';

describeSecurity(
  'headers',
  { CORS_ORIGINS: GOOD, METRICS_TOKEN: 'marker-of-the-metrics' },
  (system) => {
    const everywhere = {
      ...{
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      },
      'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/) as string,
      'content-security-policy': expect.stringMatching(
        /default-src 'self'.*object-src 'none'.*frame-ancestors 'none'/,
      ) as string,
      'cache-control': 'no-store',
    };

    it.each([
      ['JSON', 'GET', '/api/health', 200],
      ['401', 'GET', '/auth/me', 401],
      ['404', 'GET', '/nowhere', 404],
      ['405', 'PUT', '/api/health', 405],
      ['400 of a path', 'GET', '/api/projects/%zz', 400],
      ['the API explorer', 'GET', '/api/docs', 200],
      ["the explorer's script", 'GET', '/api/docs/swagger-ui-bundle.js', 200],
      ['the OpenAPI document', 'GET', '/api/openapi.json', 200],
      ['a redirect', 'GET', '/', 302],
      ['HEAD', 'HEAD', '/api/health', 200],
    ])(
      'API8:2023 ASVS 14.4.1 %s bears the security headers, and names no technology',
      async (_, method, path, status) => {
        const reply = await system.request(method, path);
        expect([reply.status, reply.headers]).toEqual([
          status,
          expect.objectContaining(
            path.endsWith('.js') ? { 'x-content-type-options': 'nosniff' } : everywhere,
          ),
        ]);
        expect(Object.keys(reply.headers)).not.toEqual(expect.arrayContaining(['x-powered-by']));
        expect(reply.headers.server).toBeUndefined();
      },
    );

    it('ASVS 14.4.1 ASVS 14.4.2 downloads, pictures and reports bear them, too', async () => {
      const { token } = await system.register();
      const body = { files: { 'a.py': 'import os\n' } };
      await system.request('PUT', '/api/projects/p/source', { token, body });
      const analysis = await system.request<{ analysis_id: string }>('POST', '/api/analysis', {
        ...{ token, headers: { Prefer: 'wait=60' } },
        body: { project_name: 'p', analysis_types: ['quality'] },
      });
      const id = analysis.body.analysis_id;
      for (const path of [
        '/api/projects/p/archive',
        '/api/projects/p/archive?format=tar.gz',
        '/api/projects/p/files/a.py',
        '/api/projects/p/badge.svg',
        `/api/analysis/${id}/report`,
        `/api/analysis/${id}/sarif`,
      ]) {
        const reply = await system.request('GET', path, { token });
        const { 'cache-control': _, 'content-security-policy': __, ...others } = everywhere;
        expect([path, reply.status, reply.headers]).toEqual([
          path,
          200,
          expect.objectContaining(others),
        ]);
        expect(reply.headers['cache-control']).toMatch(/no-store|no-cache|private/);
        expect(reply.headers['content-security-policy']).toMatch(
          /default-src '(self|none)'.*base-uri 'none'.*frame-ancestors 'none'/,
        );
        expect(reply.headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);
      }
    }, 60_000);

    it('ASVS 14.4.1 what never reaches a route says its type, too', async () => {
      for (const bytes of [
        'nonsense\r\n\r\n',
        rawRequest([
          'GET /api/ws/x HTTP/1.1',
          'Host: x',
          'Upgrade: websocket',
          'Connection: upgrade',
        ]),
      ]) {
        const { text } = await sendRaw(system.url, bytes);
        expect(text).toMatch(/^content-type: application\/json/im);
        expect(text).toMatch(/^x-content-type-options: nosniff/im);
      }
    });

    it('API8:2023 ASVS 14.5.3 only origins that were named may read answers, and none with cookies', async () => {
      const from = async (origin: string, method = 'GET') =>
        (
          await system.request(method, '/api/health', {
            headers: { Origin: origin, 'Access-Control-Request-Method': 'GET' },
          })
        ).headers;
      expect((await from(GOOD))['access-control-allow-origin']).toBe(GOOD);
      expect((await from(GOOD, 'OPTIONS'))['access-control-allow-origin']).toBe(GOOD);
      for (const origin of [
        'null',
        'https://evil.example',
        `${GOOD}.evil.example`,
        'https://evilgood.example',
        'http://good.example',
        `${GOOD}:444`,
        'https://GOOD.example.',
        '*',
      ]) {
        for (const method of ['GET', 'OPTIONS']) {
          const headers = await from(origin, method);
          expect([
            origin,
            headers['access-control-allow-origin'],
            headers['access-control-allow-credentials'],
          ]).toEqual([origin, undefined, undefined]);
        }
      }
      expect((await from(GOOD)).vary).toMatch(/Origin/);
    });

    it('API8:2023 a forged host comes back nowhere', async () => {
      const reply = await system.request('GET', '/', {
        headers: { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' },
      });
      expect(JSON.stringify(reply.headers) + reply.text).not.toContain('evil.example');
    });

    it('API8:2023 ASVS 14.3.2 the API explorer brings all that it runs, and keeps no token', async () => {
      const { text } = await system.request('GET', '/api/docs');
      const sources = [...text.matchAll(/<(?:script|link)[^>]*(?:src|href)="([^"]+)"/g)].map(
        ([, url = '']) => url,
      );
      expect(sources.filter((url) => /^(https?:)?\/\//.test(url))).toEqual([]);
      // An inline script would need a hole in the policy.
      expect(text).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/);
      expect((await system.request('GET', '/api/docs/swagger-ui-init.js')).text).not.toContain(
        'persistAuthorization',
      );
    });

    it('API5:2023 metrics ask for their own token, and take no other', async () => {
      const { token } = await system.loginAdmin();
      const get = async (given?: string) =>
        (await system.request('GET', '/metrics', { token: given })).status;
      expect([
        await get(),
        await get('wrong'),
        await get(token),
        await get('marker-of-the-metrics'),
      ]).toEqual([401, 401, 401, 200]);
      system.secrets.add('marker-of-the-metrics');
    });

    it('ASVS 7.4.1 a client that leaves in the middle harms nobody', async () => {
      const { hostname, port } = new URL(system.url);
      for (let count = 0; count < 20; count += 1) {
        const outgoing = request({ hostname, port, path: '/api/openapi.json' });
        outgoing.on('error', () => undefined);
        await new Promise<void>((resolve) =>
          outgoing
            .once('response', (response) => {
              response.destroy();
              resolve();
            })
            .end(),
        );
      }
      expect((await system.request('GET', '/api/health')).status).toBe(200);
    });
  },
);

describeSecurity(
  'production',
  {
    NODE_ENV: 'production',
    DOCS: 'off',
    JWT_SECRET: 'a-secret-for-the-production-suite-0123',
    LOG_LEVEL: 'info',
  },
  (system) => {
    it.each([
      '/api/docs',
      '/api/docs/',
      '/api/openapi.json',
      '/api/openapi.yaml',
      '/api/docs/swagger-ui-init.js',
      '/',
    ])('API9:2023 ASVS 14.3.2 DOCS=off leaves nothing of it at %s', async (path) => {
      expect((await system.request('GET', path)).status).toBe(404);
    });

    it.each([
      '/.env',
      '/.git/config',
      '/package.json',
      '/main.js',
      '/api/../package.json',
      '/swagger-ui-init.js',
      '/api-json',
      '/actuator',
      '/debug',
      '/graphql',
    ])('API9:2023 ASVS 14.3.3 there is nothing at %s', async (path) => {
      expect((await system.request('GET', path)).status).toBe(404);
    });

    it('API6:2023 strangers can not register', async () => {
      const reply = await system.request('POST', '/auth/register', {
        body: { username: 'stranger', password: 'a fine password' },
      });
      expect(reply.status).toBe(403);
    });
  },
);
