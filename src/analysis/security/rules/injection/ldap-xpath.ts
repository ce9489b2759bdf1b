import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

const TRUST = {
  request: 'high',
  network: 'medium',
  input: 'high',
  argv: 'low',
  param: 'medium',
} as const;

/** CWE-90: search filters put together from text. */
export const LDAP_INJECTION: Rule = {
  id: 'ldap-injection',
  title: 'LDAP filter built from a dynamic value',
  cwe: 'CWE-90',
  owasp: OWASP.injection,
  severity: 'high',
  message:
    'A dynamic value becomes part of an LDAP filter or name, so that it can change what is searched for.',
  recommendation: {
    python:
      'Escape each value: `f"(uid={escape_filter_chars(name)})"` from `ldap.filter` or `ldap3.utils.conv`.',
    javascript:
      "Build the filter from objects: `new EqualityFilter({ attribute: 'uid', value: name })`.",
  },
  flow: { context: 'ldap', trust: TRUST },
  sinks: [
    {
      language: 'python',
      call: [
        '*.{search_s,search_st,search_ext,search_ext_s,search,paged_search,simple_bind_s,bind_s}',
      ],
      args: [0, 1, 2, 'search_filter', 'search_base', 'filterstr', 'base'],
      imports: ['ldap', 'ldap3', 'ldap2'],
      text: /\(\s*[&|!]?\s*\(?\w+[~<>]?=|\b(ou|dc|cn|uid)=/i,
      unknownNeedsText: true,
    },
    {
      language: 'javascript',
      call: ['*.{search,searchAsync,bind,modify,del}'],
      args: [0, 1, '1.filter'],
      imports: ['ldapjs', 'ldapts', 'activedirectory', 'activedirectory2', 'ldapauth-fork'],
      text: /\(\s*[&|!]?\s*\(?\w+[~<>]?=|\b(ou|dc|cn|uid)=/i,
      unknownNeedsText: true,
    },
  ],
};

/** CWE-643: XPath expressions put together from text. */
export const XPATH_INJECTION: Rule = {
  id: 'xpath-injection',
  title: 'XPath expression built from a dynamic value',
  cwe: 'CWE-643',
  owasp: OWASP.injection,
  severity: 'high',
  message:
    'A dynamic value becomes part of an XPath expression, so that it can change what is selected.',
  recommendation: {
    python: 'Pass values as variables: `tree.xpath("//user[@name=$name]", name=name)`.',
    javascript:
      "Pass values as variables: `xpath.parse('//user[@name=$name]').select({ node, variables: { name } })`.",
  },
  flow: { context: 'xpath', trust: TRUST },
  sinks: [
    {
      language: 'python',
      call: ['*.{xpath,findall,find,iterfind,findtext,XPath}', 'lxml.etree.XPath'],
      args: [0],
      text: /\/\/?\w|\[@?\w+\s*=/,
      unknownNeedsText: true,
      imports: ['lxml', 'xml', 'elementpath', 'parsel', 'defusedxml'],
    },
    {
      language: 'javascript',
      call: [
        'xpath.{select,select1,evaluate,parse}',
        'xpath.useNamespaces()',
        '*.{evaluate,selectNodes,selectSingleNode}',
      ],
      args: [0],
      text: /\/\/?\w|\[@?\w+\s*=/,
      unknownNeedsText: true,
    },
  ],
};
