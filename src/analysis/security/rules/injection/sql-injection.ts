import type { Rule } from '../../rule.js';
import { ANY_DYNAMIC, OWASP } from '../trust.js';

const STATEMENT =
  /\b(select\b[\s\S]*\bfrom|insert\s+into|update\b[\s\S]*\bset|delete\s+from|replace\s+into|drop\s+(table|database|user)|create\s+(table|database|user|role)|alter\s+(table|user|role)|truncate|union\s+(all\s+)?select|where\b|order\s+by|exec(ute)?\s|call\s|grant\s|merge\s+into|pragma\s|limit\s|values\s*\()/i;
/** A statement from its beginning: by itself it says what the function does that takes it. */
const WHOLE_STATEMENT =
  /^\s*(select\b[\s\S]*\bfrom\b|insert\s+(ignore\s+)?into\b|update\b[\s\S]*\bset\b|delete\s+from\b|replace\s+into\b|with\b[\s\S]*\bselect\b)/i;
/** A condition by itself, as an ORM takes it. */
const CONDITION = new RegExp(
  `${STATEMENT.source}|[\\w"\\])]\\s*(=|<>|<|>|\\blike\\b|\\bin\\b)\\s*['"(%\\0]`,
  'i',
);
const DATABASE =
  /(^|[.$~_])(db|database|conn|connection|cur|cursor|pool|client|knex|sequelize|prisma|pg|mysql|sqlite\w*|session|engine|manager|repository|queryrunner|datasource|con|tx|trx|query)\w*(\(\))?$|cursor|connection|database|(conn|db|pool|repository)(\(\))?$/i;

/** CWE-89: statements put together from text. */
export const SQL_INJECTION: Rule = {
  id: 'sql-injection',
  title: 'SQL statement built from a dynamic value',
  cwe: 'CWE-89',
  owasp: OWASP.injection,
  severity: 'critical',
  message:
    'A dynamic value becomes part of the text of an SQL statement, so that it can change what the statement does.',
  recommendation: {
    python:
      'Keep the text constant and pass values as parameters: `cursor.execute("SELECT * FROM users WHERE name = %s", (name,))`. Choose table and column names from a fixed set.',
    javascript:
      "Keep the text constant and pass values as parameters: `db.query('SELECT * FROM users WHERE name = $1', [name])`. Choose table and column names from a fixed set.",
  },
  flow: { context: 'sql', trust: ANY_DYNAMIC },
  sinks: [
    {
      language: 'python',
      call: [
        '*.{execute,executemany,executescript,execute_sql,fetch,fetchrow,fetchval,fetch_all,fetch_one,raw,read_sql,read_sql_query,execute_query,run_query,exec_driver_sql}',
        'pandas.{read_sql,read_sql_query}',
      ],
      args: [0, 'sql', 'query', 'statement'],
      text: STATEMENT,
      receiver: DATABASE,
      unknownNeedsText: true,
    },
    {
      language: 'python',
      call: [
        'sqlalchemy.text',
        'sqlalchemy.sql.text',
        'sqlalchemy.sql.expression.text',
        'text',
        'db.text',
        '*.db.text',
        'django.db.models.expressions.RawSQL',
        'RawSQL',
        'sqlalchemy.literal_column',
        '*.text',
      ],
      args: [0],
      text: CONDITION,
      receiver: /sqlalchemy|^db$/i,
      unknownNeedsText: true,
    },
    {
      language: 'python',
      call: ['*.objects.raw', '*.objects.extra', '*.extra'],
      args: [0, 'where', 'select', 'tables', 'order_by'],
      text: STATEMENT,
      receiver: /objects/,
      unknownNeedsText: true,
    },
    {
      language: 'javascript',
      call: [
        '*.{query,execute,raw,whereRaw,orderByRaw,havingRaw,joinRaw,selectRaw,groupByRaw,$queryRawUnsafe,$executeRawUnsafe,prepare,unsafe,run,all,get,each,exec,batch,queryRaw,executeSql,any,one,none,oneOrNone,manyOrNone,many}',
        'sequelize.query',
        'knex.raw',
      ],
      args: [0, '0.text', '0.sql'],
      text: STATEMENT,
      receiver:
        /^(?=.*(db|database|conn|pool|client|knex|sequelize|prisma|pg|mysql|sqlite|queryrunner|datasource|manager|repository|trx|stmt)).*$/i,
      unknownNeedsText: true,
    },
    // Helpers that run statements, by what they are called
    {
      language: 'python',
      call: [
        '{*.,}{query,exec,sql,select,run_sql,run_query,run_command,execute_query,execute_read_query,exec_query,do_query,sql_query,query_one,query_all,queryOne,queryAll,executeQuery,fetchone,fetchall,select_one,select_all,_query,_exec,_execute,_run_query,_run_command,_execute_query}',
      ],
      args: ['*'],
      needsText: true,
      text: WHOLE_STATEMENT,
    },
    {
      language: 'javascript',
      call: [
        '{*.,}{query,_query,runQuery,execQuery,executeQuery,doQuery,sqlQuery,rawQuery,dbQuery,queryOne,queryAll,queryAsync,execSql,runSql,sendQuery,fetchAll,fetchRow,selectQuery}',
      ],
      args: ['*'],
      needsText: true,
      text: WHOLE_STATEMENT,
    },
    {
      language: 'javascript',
      call: ['*.{where,andWhere,orWhere,having,orderBy,addOrderBy,addSelect,leftJoin,innerJoin}'],
      args: [0],
      text: /[=<>]|\blike\b|\bin\s*\(/i,
      receiver: /createQueryBuilder/,
      unknownNeedsText: true,
    },
    {
      language: 'javascript',
      call: [
        'sequelize.literal',
        'Sequelize.literal',
        '*.sequelize.literal',
        'sequelize.Sequelize.literal',
        '@prisma/client.Prisma.raw',
        'Prisma.raw',
        'drizzle-orm.sql.raw',
        'sql.raw',
        'typeorm.Raw',
        'Raw',
      ],
      args: [0],
      text: /[\s\S]*/,
      unknownNeedsText: true,
    },
  ],
};
