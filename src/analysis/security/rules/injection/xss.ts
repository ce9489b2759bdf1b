import type { Rule, Trust } from '../../rule.js';
import { OWASP } from '../trust.js';

const WEB: Trust = { request: 'high', browser: 'high', network: 'medium', input: 'low' };
/** Where markup is written out of unknown parameters there is reason to look, not yet to worry. */
const DOM: Trust = { ...WEB, input: 'medium', param: 'low' };

/** An element with something in it, or in an attribute. */
const MARKUP = /<[a-z][^>]*(>[^<]*\0|=\s*["']?[^"'>]*\0)/i;
const JQUERY = /^(\$|jQuery|cheerio)\(\)|\$\(\)|^~?\$/;
/** Also inside a plugin or a view. */
const JQUERY_OR_PLUGIN = /^(\$|jQuery|cheerio)\(\)|\$\(\)|(^~?|\.)\$|^this$/;

/** CWE-79: markup made of values from outside. */
export const XSS: Rule = {
  id: 'xss',
  title: 'Markup made of a value from outside',
  cwe: 'CWE-79',
  owasp: OWASP.injection,
  severity: 'high',
  message:
    'A value from outside reaches a page without being escaped, so that it can bring its own scripts.',
  recommendation: {
    python:
      'Let a template escape: `return render_template("hello.html", name=name)`; in plain text `html.escape(name)`.',
    javascript:
      'Write text as text: `element.textContent = name`; on the server `res.render(view, { name })` or `res.json(...)`; where markup is wanted, `DOMPurify.sanitize(html)`.',
  },
  flow: { context: 'html', trust: WEB },
  sinks: [
    { language: 'python', returns: ['flask', 'bottle', 'quart', 'sanic'], args: [0] },
    {
      language: 'python',
      call: [
        'flask.{make_response,Response}',
        'django.http.{HttpResponse,HttpResponseBadRequest,HttpResponseNotFound,HttpResponseForbidden}',
        'django.shortcuts.HttpResponse',
        'fastapi.responses.HTMLResponse',
        'starlette.responses.HTMLResponse',
        'HTMLResponse',
        'sanic.response.html',
        'make_response',
        'werkzeug.wrappers.Response',
        'django.http.response.HttpResponse',
      ],
      args: [0, 'content', 'response'],
      unless: [
        {
          arg: ['content_type', 'mimetype', 'media_type', 1],
          matches: /json|plain|csv|octet|pdf|image|xml/,
        },
      ],
    },
    {
      language: 'python',
      call: ['aiohttp.web.Response'],
      args: ['text', 'body'],
      when: [{ arg: 'content_type', matches: /html/ }],
    },
    {
      language: 'python',
      call: [
        'markupsafe.Markup',
        'flask.Markup',
        'django.utils.safestring.{mark_safe,SafeString,SafeText}',
        'mark_safe',
        'Markup',
        'jinja2.Markup',
        'django.utils.html.mark_safe',
      ],
      args: [0],
      trust: DOM,
    },
    {
      language: 'python',
      call: ['self.write', '*.wfile.write'],
      args: [0],
      imports: ['tornado', 'http', 'BaseHTTPServer'],
    },
    {
      language: 'javascript',
      call: ['$res.{type,header,code,status}().send', '$res.status().type().send'],
      args: [0],
      needsText: true,
      text: /<\w/,
      trust: { request: 'high' },
    },
    {
      language: 'javascript',
      call: [
        '$res.{send,write,end}',
        '$res.status().{send,end}',
        '*.res.{send,write,end}',
        '$reply.send',
      ],
      args: [0],
      safeText: /^\s*[[{]/,
      unless: [{ arg: 0, path: /^\$req\.(body|query|params|headers|cookies|file|files)$/ }],
    },
    // Listings of folders
    {
      language: 'javascript',
      call: ['$res.{send,write,end}', '$res.status().{send,end}', '*.res.{send,write,end}'],
      args: [0],
      needsText: true,
      text: /<\w/,
      trust: { file: 'medium' },
    },
    { language: 'javascript', call: ['$ctx.html', 'h3.send'], args: [0] },
    { language: 'javascript', assign: ['$ctx.body', '$ctx.response.body'], text: /<\w/ },
    { language: 'javascript', assign: ['*.{innerHTML,outerHTML,srcdoc}'], trust: DOM },
    {
      language: 'javascript',
      call: [
        'document.{write,writeln}',
        '*.document.write',
        '*.createContextualFragment',
        '*.setHTMLUnsafe',
        'document.parseHTMLUnsafe',
      ],
      args: ['*'],
      trust: DOM,
    },
    { language: 'javascript', call: ['*.insertAdjacentHTML'], args: [1], trust: DOM },
    {
      language: 'javascript',
      call: ['*.html'],
      args: [0],
      receiver: JQUERY,
      trust: DOM,
    },
    {
      language: 'javascript',
      call: [
        '$()..{append,prepend,after,before,replaceWith}',
        '{$,jQuery}().{append,prepend,after,before,replaceWith,wrap,wrapAll,wrapInner}',
        '{$,jQuery}.parseHTML',
      ],
      args: [0],
      text: /<\w/,
    },
    {
      language: 'javascript',
      call: ['$', 'jQuery'],
      args: [0],
      text: /<\w/,
      trust: { browser: 'medium', request: 'medium' },
    },
    // Markup put together from what a caller hands in
    {
      language: 'javascript',
      assign: ['*.{innerHTML,outerHTML}'],
      needsText: true,
      text: MARKUP,
      trust: { param: 'medium', input: 'medium', unknown: 'medium' },
    },
    {
      language: 'javascript',
      call: ['*.{html,append,prepend,after,before,replaceWith}'],
      args: [0],
      receiver: JQUERY_OR_PLUGIN,
      needsText: true,
      text: MARKUP,
      trust: { param: 'medium', input: 'medium', unknown: 'medium' },
    },
    {
      language: 'javascript',
      call: ['$', 'jQuery'],
      args: [0],
      needsText: true,
      text: MARKUP,
      trust: { param: 'medium', input: 'medium', unknown: 'medium' },
    },
    {
      language: 'python',
      call: [
        'markupsafe.Markup',
        'flask.Markup',
        'django.utils.safestring.mark_safe',
        'mark_safe',
        'Markup',
      ],
      args: [0],
      needsText: true,
      text: MARKUP,
      trust: { param: 'medium' },
    },
    { language: 'javascript', option: ['__html'], args: [0], trust: { ...WEB, param: 'medium' } },
    {
      language: 'javascript',
      call: [
        '*.bypassSecurityTrustHtml',
        '*.bypassSecurityTrustScript',
        '*.bypassSecurityTrustUrl',
        '*.bypassSecurityTrustResourceUrl',
        '$sce.{trustAsHtml,trustAsJs,trustAsUrl,trustAsResourceUrl,trustAsCss,trustAs}',
      ],
      args: [0],
      trust: { ...WEB, param: 'medium' },
    },
    {
      language: 'javascript',
      call: ['handlebars.SafeString', 'Handlebars.SafeString'],
      args: [0],
      trust: { ...WEB, param: 'medium' },
    },
  ],
};
