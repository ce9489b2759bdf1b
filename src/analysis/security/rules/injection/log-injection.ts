import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

const PYTHON_LOGS = [
  'logging.{info,warning,error,debug,critical,exception,warn}',
  '*.{logger,log,_logger,app.logger}.{info,warning,error,debug,critical,exception}',
  'logging.getLogger().{info,warning,error,debug,critical,exception}',
];
/** In other programs a request is one that is sent. */
const SERVERS = [
  'flask',
  'django',
  'fastapi',
  'starlette',
  'bottle',
  'tornado',
  'aiohttp',
  'quart',
  'sanic',
  'pyramid',
  'rest_framework',
  'werkzeug',
  'falcon',
  'http',
];

/** CWE-117: line ends in logs. */
export const LOG_INJECTION: Rule = {
  id: 'log-injection',
  title: 'Log line made of a value from outside',
  cwe: 'CWE-117',
  owasp: OWASP.logging,
  severity: 'low',
  message:
    'A value from outside is written to a log as it is: with line ends in it, it can forge entries.',
  recommendation: {
    python: 'Take line ends out, or log as JSON: `log.info("login of %r", name)`.',
    javascript: "Take line ends out, or log fields: `log.info({ name }, 'login')`.",
  },
  flow: { context: 'log', trust: { request: 'medium', input: 'medium', network: 'low' } },
  sinks: [
    {
      language: 'python',
      call: PYTHON_LOGS,
      args: ['*'],
      trust: { request: 'medium' },
      imports: SERVERS,
    },
    { language: 'python', call: PYTHON_LOGS, args: ['*'], trust: { input: 'medium' } },
    {
      language: 'javascript',
      call: [
        '*.{logger,log}.{info,warn,error}',
        'logger.{info,warn,error}',
        'winston.{info,warn,error}',
        '{winston.createLogger,pino,bunyan.createLogger,log4js.getLogger}().{info,warn,error}',
      ],
      args: ['*'],
      needsText: true,
      text: /\S/,
      trust: { request: 'medium' },
    },
    {
      confidence: 'low',
      language: 'javascript',
      call: [
        'console.{log,info,warn,error,debug}',
        '*.{logger,log}.{info,warn,error,debug,log}',
        'logger.{info,warn,error,debug}',
        'winston.{info,warn,error}',
      ],
      args: ['*'],
    },
  ],
};

/** CWE-113: line ends in headers. */
export const HEADER_INJECTION: Rule = {
  id: 'header-injection',
  title: 'Response header made of a value from outside',
  cwe: 'CWE-113',
  owasp: OWASP.injection,
  severity: 'medium',
  message: 'A value from outside chooses the name of a header or goes into one unchecked.',
  recommendation: {
    python:
      'Choose header values from a fixed set, or check them: `if not re.fullmatch(r"[\\w-]+", value): abort(400)`.',
    javascript:
      'Choose header names and values from a fixed set, or check them with a regular expression first.',
  },
  flow: { context: 'header', trust: { request: 'medium' } },
  sinks: [
    { language: 'python', assign: ['*.headers.[]', '*.response.[]'], args: [0], imports: SERVERS },
    {
      language: 'python',
      call: ['*.headers.{add,set,setdefault}', '*.{set_header,add_header}'],
      args: [0, 1],
    },
    {
      language: 'javascript',
      call: ['$res.{setHeader,set,header,append}'],
      args: [0],
      confidence: 'medium',
    },
  ],
};
