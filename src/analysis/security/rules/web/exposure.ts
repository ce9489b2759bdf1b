import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

const CREDENTIAL =
  /(^|[.$~_])(password|passwd|pwd|passphrase|secret|secret_?key|private_?key|api_?key|credit_?card\w*|card_?number|cvv|ssn|access_?token|auth_?token)(\(\)|\[\])?$/i;

/** CWE-532: credentials in logs. */
export const LOGGED_CREDENTIALS: Rule = {
  id: 'logged-credentials',
  title: 'Credential written to a log',
  cwe: 'CWE-532',
  owasp: OWASP.logging,
  severity: 'medium',
  confidence: 'medium',
  message: 'A credential is written to a log, where more people can read it than should.',
  recommendation: {
    python: 'Log who, not what they know: `log.info("login of user %d", user.id)`.',
    javascript: "Log who, not what they know: `log.info({ user: user.id }, 'login')`.",
  },
  sinks: [
    {
      language: 'python',
      call: [
        'print',
        'logging.{info,warning,error,debug,critical,exception}',
        '*.{logger,log,_logger}.{info,warning,error,debug,critical,exception}',
        'logging.getLogger().{info,warning,error,debug,critical,exception}',
      ],
      when: [{ arg: '*', contains: CREDENTIAL }],
    },
    {
      language: 'javascript',
      call: ['console.{log,info,warn,error,debug}', '*.{logger,log}.{info,warn,error,debug,log}'],
      when: [{ arg: '*', contains: CREDENTIAL }],
    },
  ],
};

/** CWE-209: errors with their insides. */
export const ERROR_DETAILS_SENT: Rule = {
  id: 'error-details-sent',
  title: 'Stack trace sent to the client',
  cwe: 'CWE-209',
  owasp: OWASP.configuration,
  severity: 'low',
  confidence: 'medium',
  message: 'The answer contains a stack trace: paths, versions and queries that help an attacker.',
  recommendation: {
    python:
      'Log the error and answer with a number for it: `return {"error": "internal", "id": request_id}, 500`.',
    javascript:
      "Log the error and answer with a number for it: `res.status(500).json({ error: 'internal', id })`.",
  },
  sinks: [
    {
      language: 'python',
      returns: ['flask', 'fastapi', 'bottle', 'django'],
      when: [{ arg: 0, contains: /traceback\.format_exc\(\)|sys\.exc_info/ }],
    },
    {
      language: 'python',
      call: ['flask.{make_response,Response,jsonify}', 'django.http.{HttpResponse,JsonResponse}'],
      when: [{ arg: '*', contains: /traceback\.format_exc\(\)/ }],
    },
    {
      language: 'javascript',
      call: ['$res.{send,json,end,write}', '$res.status().{send,json,end}', '$ctx.json'],
      when: [{ arg: '*', contains: /\.stack$/ }],
    },
    { language: 'javascript', assign: ['$ctx.body'], when: [{ arg: 0, contains: /\.stack$/ }] },
  ],
};

/** CWE-346: windows that talk to anybody. */
export const MESSAGE_ANY_ORIGIN: Rule = {
  id: 'post-message-any-origin',
  title: 'Message sent to a window of any origin',
  cwe: 'CWE-346',
  owasp: OWASP.authentication,
  severity: 'medium',
  confidence: 'medium',
  message: 'Whatever page the window shows by now receives the message.',
  recommendation: {
    javascript: "Name the origin: `parent.postMessage(data, 'https://app.example.com')`.",
  },
  sinks: [
    {
      language: 'javascript',
      call: ['*.postMessage'],
      // A window's message to itself is its own affair.
      receiver: /parent|opener|frame|window|(^|[.~$])(win|top|popup|target|child)/i,
      when: [{ arg: 1, is: ['*'] }],
    },
  ],
};
