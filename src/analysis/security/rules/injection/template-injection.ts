import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

/** CWE-1336: templates that are written from outside. */
export const TEMPLATE_INJECTION: Rule = {
  id: 'template-injection',
  title: 'Template text chosen from outside',
  cwe: 'CWE-1336',
  owasp: OWASP.injection,
  severity: 'critical',
  message:
    'A value from outside becomes the text of a template, and a template engine runs what stands in it.',
  recommendation: {
    python: 'Keep templates in files and pass values: `render_template("hello.html", name=name)`.',
    javascript: "Keep templates in files and pass values: `res.render('hello', { name })`.",
  },
  flow: {
    context: 'template',
    trust: { request: 'high', browser: 'medium', network: 'medium', input: 'medium', param: 'low' },
  },
  sinks: [
    {
      language: 'python',
      call: [
        'flask.render_template_string',
        'render_template_string',
        'jinja2.Template',
        'Template',
        'jinja2.Environment().from_string',
        '*.from_string',
        'mako.template.Template',
        'django.template.Template',
        'django.template.base.Template',
        'tornado.template.Template',
        'bottle.{template,SimpleTemplate}',
        'chevron.render',
        'jinja2.sandbox.SandboxedEnvironment().from_string',
      ],
      args: [0, 'source', 'text'],
      unless: [{ arg: 'this', path: /Sandbox/ }],
    },
    {
      language: 'javascript',
      call: [
        'ejs.{render,compile}',
        'pug.{render,compile}',
        'handlebars.compile',
        'Handlebars.compile',
        'nunjucks.{renderString,compile}',
        'mustache.render',
        'lodash.template',
        '_.template',
        'underscore.template',
        'doT.template',
        'dot.template',
        'eta.{render,renderString}',
        'hogan.js.compile',
        'swig.{render,compile}',
        'jade.{render,compile}',
        'liquidjs.Liquid().parseAndRender',
        'vue.compile',
        'squirrelly.render',
        'twig.twig',
        '*.renderString',
      ],
      args: [0, '0.data'],
    },
  ],
};
