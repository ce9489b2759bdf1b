import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

/** CWE-943: queries of document databases that a caller can extend by operators. */
export const NOSQL_INJECTION: Rule = {
  id: 'nosql-injection',
  title: 'Database query made of an unchecked object',
  cwe: 'CWE-943',
  owasp: OWASP.injection,
  severity: 'high',
  message:
    'A value from outside is used as a query as it is: an object such as `{"$ne": null}` in place of text changes what the query selects.',
  recommendation: {
    javascript:
      'Make it text first: `User.findOne({ name: String(req.body.name) })`, or validate the body against a schema.',
    python:
      'Make it text first: `users.find_one({"name": str(data["name"])})`, or validate the body against a schema.',
  },
  flow: { context: 'nosql', trust: { request: 'high', network: 'medium', input: 'low' } },
  sinks: [
    {
      language: 'javascript',
      call: [
        '*.{find,findOne,findOneAndUpdate,findOneAndDelete,findOneAndRemove,findOneAndReplace,deleteOne,deleteMany,updateOne,updateMany,replaceOne,count,countDocuments,aggregate,remove,exists}',
      ],
      args: [0],
      imports: ['mongoose', 'mongodb', 'monk', 'mongojs', 'mongoist'],
      // Sequelize and Prisma take their conditions there, and compare plain values.
      unless: [{ arg: '0.where', present: true }],
    },
    {
      language: 'javascript',
      call: [
        '*.{find,findOne,findOneAndUpdate,findOneAndDelete,deleteOne,deleteMany,updateOne,updateMany,countDocuments,aggregate}',
      ],
      args: [0],
      receiver:
        /collection\(\)|mongo|(^|[.~])(User|Users|Account|Product|Order|Post|Model|\w*Model)$|(^|\/)models?\/[\w-]+$/,
      unless: [{ arg: '0.where', present: true }],
    },
    { language: 'javascript', call: ['*.$where'], args: [0] },
    { language: 'javascript', option: ['$where'], args: [0] },
    // Text in it is code.
    {
      language: 'javascript',
      option: ['$where'],
      args: [0],
      needsText: true,
      text: /\S/,
      trust: { param: 'medium', unknown: 'medium' },
    },
    {
      language: 'python',
      call: [
        '*.{find,find_one,find_one_and_update,find_one_and_delete,delete_one,delete_many,update_one,update_many,count_documents,aggregate}',
      ],
      args: [0, 'filter'],
      imports: ['pymongo', 'motor', 'flask_pymongo'],
    },
    { language: 'python', option: ['$where'], args: [0] },
  ],
};
