import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

/** CWE-915: records made of whatever a request contains. */
export const MASS_ASSIGNMENT: Rule = {
  id: 'mass-assignment',
  title: 'Record made of a whole request body',
  cwe: 'CWE-915',
  owasp: OWASP.integrity,
  severity: 'medium',
  message:
    'The whole body of a request becomes a record: a caller can set fields that are not theirs, such as a role.',
  recommendation: {
    javascript:
      'Name the fields: `const { name, email } = req.body; await User.create({ name, email })`.',
    python:
      'Name the fields: `User(name=data["name"], email=data["email"])`, or a form or schema with a list of fields.',
  },
  flow: { context: 'object', trust: { request: 'medium' } },
  sinks: [
    {
      language: 'javascript',
      call: [
        '*.{create,insertMany,insertOne,findByIdAndUpdate,findOneAndUpdate,updateOne,bulkCreate,update,insert,save,build,upsert}',
        'Object.assign',
      ],
      args: [0, 1],
      when: [{ arg: [0, 1], path: /^\$(req|ctx\.request)\.body$/ }],
    },
    {
      language: 'javascript',
      call: ['*'],
      isNew: true,
      args: [0],
      when: [{ arg: 0, path: /^\$(req|ctx\.request)\.body$/ }],
    },
    { language: 'python', call: ['setattr'], args: [1] },
    {
      language: 'python',
      call: ['*.update'],
      args: ['*'],
      receiver: /(__dict__|objects\.filter\(\))$/,
    },
  ],
};
