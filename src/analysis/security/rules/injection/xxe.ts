import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

/** CWE-611: XML parsers that follow external entities. */
export const XXE: Rule = {
  id: 'xml-external-entities',
  title: 'XML parsed with external entities or entity expansion on',
  cwe: 'CWE-611',
  owasp: OWASP.configuration,
  severity: 'high',
  message:
    'This parser resolves entities that a document declares: it can be made to read files, send requests or run out of memory.',
  recommendation: {
    python:
      'Parse with `defusedxml`: `from defusedxml.ElementTree import fromstring`; with lxml `etree.XMLParser(resolve_entities=False, no_network=True)`.',
    javascript: 'Leave entities off: `libxmljs.parseXml(text, { noent: false, nonet: true })`.',
  },
  sinks: [
    {
      language: 'python',
      call: ['lxml.etree.{XMLParser,XMLTreeBuilder}', 'etree.XMLParser'],
      when: [{ arg: 'resolve_entities', is: [true] }],
    },
    {
      language: 'python',
      call: ['lxml.etree.XMLParser'],
      when: [{ arg: ['no_network'], is: [false] }],
    },
    {
      language: 'python',
      call: ['lxml.etree.XMLParser'],
      when: [{ arg: ['load_dtd', 'dtd_validation'], is: [true] }],
      confidence: 'medium',
    },
    {
      language: 'python',
      call: ['*.setFeature'],
      when: [
        { arg: 0, path: /feature_external_(ges|pes)/ },
        { arg: 1, is: [true, 1] },
      ],
    },
    {
      language: 'javascript',
      call: [
        'libxmljs.{parseXml,parseXmlString,parseXmlAsync}',
        'libxmljs2.{parseXml,parseXmlString}',
        'libxml.{parseXml,parseXmlString}',
        '*.{parseXml,parseXmlString}',
      ],
      when: [{ arg: '1.noent', is: [true] }],
    },
    {
      language: 'javascript',
      option: ['{resolveExternalEntities,resolveExternals,externalEntities,noent}'],
      when: [{ arg: 0, is: [true] }],
      confidence: 'medium',
    },
  ],
};

/** The same where what is parsed is known to come from outside. */
export const XML_FROM_OUTSIDE: Rule = {
  ...XXE,
  id: 'xml-from-outside',
  title: 'XML from outside parsed by a parser that expands entities',
  severity: 'medium',
  flow: {
    context: 'xml',
    trust: { request: 'high', network: 'high', input: 'medium', file: 'low', param: 'medium' },
  },
  sinks: [
    {
      language: 'python',
      call: [
        'lxml.etree.{fromstring,parse,XML,iterparse}',
        'xml.dom.{minidom,pulldom}.{parse,parseString}',
        'xml.sax.{parse,parseString}',
        'xml.etree.{ElementTree,cElementTree}.{fromstring,parse,iterparse,XML}',
        'xml.dom.expatbuilder.{parse,parseString}',
      ],
      args: [0],
      unless: [
        { arg: ['parser.resolve_entities', '1.resolve_entities'], is: [false] },
        { arg: ['parser', 1], path: /defused|HTMLParser|^\$|^self|make_parser\(\)$/ },
      ],
      confidence: 'medium',
    },
    // Both stand on expat, which expands entities.
    {
      language: 'javascript',
      call: [
        'node-expat.Parser().{parse,write,end}',
        'node-expat.createParser().{parse,write,end}',
        'xml2json.{toJson,default}',
        'xml2json',
      ],
      args: [0],
      trust: { request: 'high', network: 'high' },
      confidence: 'medium',
    },
  ],
};
