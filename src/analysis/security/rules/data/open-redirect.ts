import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

/** Text that keeps the browser on this site, or on a named one. */
const FIXED_TARGET = /^\/(?![/\\\0])|^[a-z][a-z0-9+.-]*:\/\/[^\0/?#]+[/?#]|^[?#]|^[\w.-]+[/?#]/i;

/** CWE-601: redirects to wherever a link says. */
export const OPEN_REDIRECT: Rule = {
  id: 'open-redirect',
  title: 'Redirect to a target chosen from outside',
  cwe: 'CWE-601',
  owasp: OWASP.access,
  severity: 'medium',
  message:
    'A value from outside decides where the browser is sent, so that a link to this site can lead to another one.',
  recommendation: {
    python:
      'Accept paths of this site only: `if not url_has_allowed_host_and_scheme(target, {request.get_host()}): target = "/"`, or choose from a table.',
    javascript:
      "Accept known targets only: `res.redirect(TARGETS.get(name) ?? '/')`; for paths check that they begin with one `/` and not with `//`.",
  },
  flow: { context: 'redirect', trust: { request: 'high', browser: 'high' } },
  sinks: [
    {
      language: 'python',
      call: [
        'flask.redirect',
        'redirect',
        'django.shortcuts.redirect',
        'django.http.{HttpResponseRedirect,HttpResponsePermanentRedirect}',
        'django.http.response.HttpResponseRedirect',
        'fastapi.responses.RedirectResponse',
        'starlette.responses.RedirectResponse',
        'RedirectResponse',
        'self.redirect',
        'bottle.redirect',
        'aiohttp.web.HTTPFound',
        'werkzeug.utils.redirect',
        'sanic.response.redirect',
        'quart.redirect',
        'pyramid.httpexceptions.HTTPFound',
        'HttpResponseRedirect',
      ],
      args: [0, 'location', 'url', 'to'],
      safeText: FIXED_TARGET,
    },
    {
      language: 'python',
      assign: ['*.headers.{Location,location}', '*.response.{Location,location}'],
      safeText: FIXED_TARGET,
    },
    {
      language: 'javascript',
      call: [
        '$res.redirect',
        '*.res.redirect',
        '$res.status().redirect',
        '$ctx.redirect',
        '*.redirect',
        'next/server.NextResponse.redirect',
        'NextResponse.redirect',
        'Response.redirect',
        'next/navigation.redirect',
        '$res.location',
      ],
      args: [0, 1],
      safeText: FIXED_TARGET,
    },
    // A route of Nest that is decorated as a redirect
    {
      language: 'javascript',
      returns: ['@nestjs/common'],
      args: ['0.url'],
      safeText: FIXED_TARGET,
    },
    {
      language: 'javascript',
      call: ['$res.{setHeader,header,set}'],
      args: [1],
      when: [{ arg: 0, matches: /^location$/i }],
      safeText: FIXED_TARGET,
    },
    {
      language: 'javascript',
      call: ['$res.writeHead'],
      args: ['1.Location', '1.location'],
      safeText: FIXED_TARGET,
    },
    {
      language: 'javascript',
      assign: [
        'location',
        'location.href',
        'window.location',
        'window.location.href',
        'document.location',
        'document.location.href',
        'self.location',
        'top.location',
        'top.location.href',
        'parent.location',
      ],
      safeText: FIXED_TARGET,
    },
    {
      language: 'javascript',
      call: [
        'location.{assign,replace}',
        'window.location.{assign,replace}',
        'window.open',
        'document.location.{assign,replace}',
      ],
      args: [0],
      safeText: FIXED_TARGET,
    },
  ],
};
