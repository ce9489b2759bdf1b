import type { Rule } from '../rule.js';
import { OWASP } from './trust.js';

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
  flow: { context: 'log', trust: { request: 'medium', network: 'low' } },
  sinks: [
    {
      language: 'python',
      call: [
        'logging.{info,warning,error,debug,critical,exception,warn}',
        '*.{logger,log,_logger,app.logger}.{info,warning,error,debug,critical,exception}',
        'logging.getLogger().{info,warning,error,debug,critical,exception}',
      ],
      args: [0],
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
    {
      language: 'javascript',
      call: ['$res.{setHeader,set,header,append}'],
      args: [0],
      confidence: 'medium',
    },
  ],
};
