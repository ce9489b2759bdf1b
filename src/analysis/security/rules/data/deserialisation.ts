import type { Rule } from '../../rule.js';
import { FROM_REMOTE, OWASP } from '../trust.js';

/** CWE-502: formats that can build any object. */
export const DESERIALISATION: Rule = {
  id: 'unsafe-deserialisation',
  title: 'Objects built from untrusted bytes',
  cwe: 'CWE-502',
  owasp: OWASP.integrity,
  severity: 'critical',
  message: 'Dynamic data is read with a format that can run code while it is being read.',
  recommendation: {
    python:
      'Read data formats only: `json.loads(data)`, `yaml.safe_load(text)`; sign what must stay pickled and check the signature first.',
    javascript: 'Read data formats only: `JSON.parse(text)`, `yaml.load(text)` of js-yaml 4.',
  },
  flow: {
    context: 'code',
    trust: {
      ...FROM_REMOTE,
      network: 'high',
      input: 'high',
      argv: 'medium',
      file: 'medium',
      param: 'medium',
    },
  },
  sinks: [
    {
      language: 'python',
      call: [
        '{pickle,cPickle,_pickle,dill,cloudpickle}.loads',
        'jsonpickle.{decode,loads}',
        'marshal.loads',
        '{pickle,cPickle,_pickle,dill,cloudpickle}.{load,Unpickler}',
        'marshal.load',
        'shelve.open',
        'joblib.load',
        'torch.load',
        'pandas.read_pickle',
      ],
      args: [0],
      unless: [{ arg: 'weights_only', is: [true] }],
    },
    {
      language: 'javascript',
      call: [
        'node-serialize.unserialize',
        'serialize-to-js.deserialize',
        'funcster.deepDeserialize',
        'cryo.parse',
        'unserialize',
        'serialijse.deserialize',
        'v8.deserialize',
      ],
      args: [0],
    },
    {
      language: 'javascript',
      call: ['js-yaml.load'],
      args: [0],
      when: [{ arg: '1.schema', path: /DEFAULT_FULL_SCHEMA|DEFAULT_SCHEMA|unsafe/i }],
    },
  ],
};

/** YAML's full loader runs constructors whatever it is given. */
export const UNSAFE_YAML: Rule = {
  ...DESERIALISATION,
  id: 'unsafe-yaml-load',
  title: 'YAML read with a loader that builds any object',
  severity: 'high',
  message: 'This YAML loader can build any Python object, which runs code while it is being read.',
  flow: undefined,
  sinks: [
    {
      language: 'python',
      call: ['yaml.load', 'yaml.load_all', 'ruamel.yaml.load'],
      unless: [
        { arg: ['Loader', 1], path: /Safe|CBase|BaseLoader/ },
        { arg: ['Loader', 1], present: true, path: /./ },
      ],
      when: [{ arg: [0], dynamic: true }],
    },
    {
      language: 'python',
      call: ['yaml.load', 'yaml.load_all'],
      when: [
        { arg: ['Loader', 1], path: /(^|\.)(C?UnsafeLoader|C?Loader|C?FullLoader)$/ },
        { arg: [0], dynamic: true },
      ],
    },
    { language: 'python', call: ['yaml.{unsafe_load,unsafe_load_all,full_load,full_load_all}'] },
    {
      language: 'python',
      call: ['jsonpickle.decode'],
      confidence: 'medium',
      when: [{ arg: 0, dynamic: true }],
    },
    {
      language: 'javascript',
      call: ['js-yaml.{loadAll,load}'],
      when: [{ arg: '1.schema', path: /FULL_SCHEMA|js-yaml-js-types/i }],
    },
  ],
} as Rule;
