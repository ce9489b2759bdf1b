import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

export const DEBUG_ON: Rule = {
  id: 'debug-on',
  title: 'Debug mode switched on',
  cwe: 'CWE-489',
  owasp: OWASP.configuration,
  severity: 'high',
  message: "In debug mode errors show the program's insides, and Flask's debugger runs any code.",
  recommendation: {
    python:
      'Leave it off and switch it on by a setting where you develop: `app.run(debug=os.environ.get("FLASK_DEBUG") == "1")`.',
  },
  sinks: [
    {
      language: 'python',
      call: ['*.run', 'werkzeug.serving.run_simple', 'bottle.run'],
      when: [{ arg: ['debug', 'use_debugger'], is: [true, 1] }],
      imports: ['flask', 'bottle', 'werkzeug', 'sanic', 'quart', 'dash', 'app'],
    },
    {
      language: 'python',
      assign: ['DEBUG', 'TEMPLATE_DEBUG'],
      when: [{ arg: 0, is: [true] }],
      confidence: 'medium',
      imports: ['os', 'pathlib', 'django', 'environ', 'decouple'],
    },
    {
      language: 'python',
      assign: ['{flask.Flask,Flask}().debug', '*.app.debug', '*.config.DEBUG', 'app.debug'],
      when: [{ arg: 0, is: [true] }],
    },
    {
      language: 'python',
      call: ['fastapi.FastAPI', 'starlette.applications.Starlette', 'tornado.web.Application'],
      when: [{ arg: 'debug', is: [true] }],
      severity: 'medium',
    },
  ],
};

/** Django answers to any `Host` header. */
export const ANY_HOST: Rule = {
  id: 'any-host-header',
  title: 'Any host name accepted',
  cwe: 'CWE-644',
  owasp: OWASP.configuration,
  severity: 'medium',
  confidence: 'medium',
  message:
    'Whatever a client names as host is believed, also where links in mails are made from it.',
  recommendation: { python: 'Name the hosts: `ALLOWED_HOSTS = ["app.example.com"]`.' },
  sinks: [
    { language: 'python', assign: ['ALLOWED_HOSTS'], when: [{ arg: 0, is: ['*'] }] },
    {
      language: 'python',
      call: ['*.add_middleware'],
      when: [
        { arg: 0, path: /TrustedHostMiddleware$/ },
        { arg: 'allowed_hosts', is: ['*'] },
      ],
    },
  ],
};

export const BIND_ALL: Rule = {
  id: 'bind-all-addresses',
  title: 'Listening on every network',
  cwe: 'CWE-605',
  owasp: OWASP.configuration,
  severity: 'medium',
  confidence: 'medium',
  message:
    'The server listens on every network the machine has, not only on the one it is meant for.',
  recommendation: {
    python:
      'Name the address, from a setting where it differs: `app.run(host=os.environ.get("HOST", "127.0.0.1"))`.',
    javascript:
      "Name the address, from a setting where it differs: `app.listen(port, process.env.HOST ?? '127.0.0.1')`.",
  },
  sinks: [
    {
      language: 'python',
      call: ['*.run', 'uvicorn.run', 'werkzeug.serving.run_simple', 'waitress.serve', '*.run_app'],
      when: [{ arg: ['host', 0], is: ['0.0.0.0', '::'] }],
    },
    {
      language: 'javascript',
      call: ['*.listen'],
      when: [{ arg: [1, '0.host'], is: ['0.0.0.0', '::'] }],
      confidence: 'low',
    },
    { language: 'python', call: ['*.bind'], when: [{ arg: ['0.0'], is: ['0.0.0.0', ''] }] },
    {
      language: 'python',
      call: [
        'http.server.{HTTPServer,ThreadingHTTPServer}',
        'socketserver.{TCPServer,ThreadingTCPServer,UDPServer}',
      ],
      when: [{ arg: ['0.0'], is: ['0.0.0.0', ''] }],
      confidence: 'low',
    },
  ],
};

export const FILE_PERMISSIONS: Rule = {
  id: 'world-writable-file',
  title: 'File that everybody may change',
  cwe: 'CWE-732',
  owasp: OWASP.access,
  severity: 'medium',
  message: 'Every user of the machine may change this file.',
  recommendation: {
    python: 'Give no more than is needed: `os.chmod(path, 0o600)`.',
    javascript: 'Give no more than is needed: `fs.chmodSync(path, 0o600)`.',
  },
  sinks: [
    {
      language: 'python',
      call: ['os.{chmod,fchmod,lchmod}', '*.chmod'],
      when: [
        {
          arg: [0, 1, 'mode'],
          is: [
            0o777,
            0o666,
            0o776,
            0o767,
            0o757,
            0o775 | 0o002,
            0o733,
            0o722,
            0o622,
            0o646,
            0o1777,
          ],
        },
      ],
    },
    {
      language: 'python',
      call: ['os.chmod'],
      when: [{ arg: [1, 'mode'], path: /stat\.S_IRWXO\b|stat\.S_IWOTH\b/ }],
    },
    { language: 'python', call: ['os.umask'], when: [{ arg: 0, is: [0] }] },
    {
      language: 'javascript',
      call: ['fs.{chmod,chmodSync,fchmod,fchmodSync}', 'fs.promises.chmod', 'fs/promises.chmod'],
      when: [{ arg: 1, is: [0o777, 0o666, '777', '0777', '666', 0o757, 0o776] }],
    },
    {
      language: 'javascript',
      call: ['fs.{writeFile,writeFileSync,mkdir,mkdirSync}'],
      when: [{ arg: ['2.mode', '1.mode'], is: [0o777, 0o666] }],
      confidence: 'medium',
    },
  ],
};

export const ERROR_DETAILS: Rule = {
  id: 'framework-protection-off',
  title: 'Protection of a framework switched off',
  cwe: 'CWE-693',
  owasp: OWASP.configuration,
  severity: 'medium',
  message: 'A protection that the framework has on by default is switched off.',
  recommendation: {
    python: 'Leave escaping on: `Environment(autoescape=select_autoescape())`.',
    javascript: 'Leave the protection on and allow exactly what is needed.',
  },
  sinks: [
    {
      language: 'python',
      call: ['jinja2.Environment', 'Environment', 'jinja2.sandbox.SandboxedEnvironment'],
      when: [{ arg: 'autoescape', is: [false] }],
      message:
        'Templates of this environment do not escape: values can bring their own scripts (CWE-79).',
    },
    {
      language: 'python',
      call: ['jinja2.Environment'],
      when: [{ arg: 'autoescape', missing: true }],
      confidence: 'medium',
      message:
        'Templates of this environment do not escape (the default): values can bring their own scripts (CWE-79).',
    },
    {
      language: 'python',
      call: ['mako.template.Template', 'mako.lookup.TemplateLookup'],
      when: [{ arg: 'default_filters', missing: true }],
      confidence: 'low',
    },
    {
      language: 'javascript',
      call: ['nunjucks.configure'],
      when: [{ arg: ['0.autoescape', '1.autoescape'], is: [false] }],
    },
    {
      language: 'javascript',
      assign: ['{mustache,Mustache}.escape'],
      when: [{ arg: 0, present: true }],
      confidence: 'medium',
      message:
        'Templates no longer escape as they should: values can bring their own scripts (CWE-79).',
    },
    {
      language: 'javascript',
      assign: ['*.escapeMarkup'],
      when: [{ arg: 0, is: [false] }],
      confidence: 'medium',
      message: 'Templates no longer escape: values can bring their own scripts (CWE-79).',
    },
    {
      language: 'javascript',
      attribute: ['ReactMarkdown.{allowDangerousHtml,escapeHtml}'],
      when: [{ arg: 0, is: [true, false] }],
      confidence: 'medium',
      message: 'Markup in the text is shown as it is: it can bring its own scripts (CWE-79).',
    },
    {
      language: 'javascript',
      call: ['$sceProvider.enabled'],
      when: [{ arg: 0, is: [false] }],
      message: 'AngularJS no longer checks what is shown as markup (CWE-79).',
    },
    {
      language: 'javascript',
      call: ['helmet'],
      when: [{ arg: ['0.frameguard', '0.hsts', '0.noSniff', '0.xssFilter'], is: [false] }],
      confidence: 'medium',
    },
    {
      language: 'javascript',
      call: ['helmet'],
      when: [{ arg: ['0.contentSecurityPolicy'], is: [false] }],
      confidence: 'low',
    },
    {
      language: 'javascript',
      option: ['{contextIsolation,webSecurity}'],
      when: [{ arg: 0, is: [false] }],
      imports: ['electron'],
    },
    {
      language: 'javascript',
      option: ['{nodeIntegration,allowRunningInsecureContent}'],
      when: [{ arg: 0, is: [true] }],
      imports: ['electron'],
    },
  ],
};
