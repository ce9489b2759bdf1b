import { analyzeSecurity } from '../analyze-security.js';
import { ImportGraph } from './import-graph.js';

type Files = Readonly<Record<string, string>>;

const found = (files: Files): string[] =>
  analyzeSecurity(new Map(Object.entries(files)))
    .findings.filter(({ confidence }) => confidence !== 'low')
    .map(({ ruleId, file, line }) => `${ruleId} ${file}:${line}`);

const ROUTE = `const { load } = require('./load');
app.get('/x', (req, res) => load(req.query.name, res));`;
const LOAD = `const fs = require('fs');
exports.load = (name, done) => fs.readFile('/data/' + name, done);`;

describe('flows from file to file', () => {
  it.each<[string, Files, string]>([
    ['require', { 'a.js': ROUTE, 'load.js': LOAD }, 'path-traversal load.js:2'],
    [
      'a default export',
      {
        'src/a.ts': `import load from './lib/load.js';
export const show = (req: Request) => load(req.query.name);`,
        'src/lib/load.ts': `import fs from 'node:fs';
export default function (name: string) { return fs.readFileSync(name); }`,
      },
      'path-traversal src/lib/load.ts:2',
    ],
    [
      'a file that hands on another',
      {
        'a.ts': `import { load } from './lib';
export const show = (req: Request) => load(req.query.name);`,
        'lib/index.ts': `export * from './load';`,
        'lib/load.ts': `import fs from 'node:fs';
export const load = (name: string) => fs.readFileSync(name);`,
      },
      'path-traversal lib/load.ts:2',
    ],
    [
      'a service that is injected',
      {
        'cats.controller.ts': `import { Cats } from './cats.service';
export class CatsController {
  constructor(private readonly cats: Cats) {}
  @Get() find(@Query('name') name: string) { return this.cats.find(name); }
}`,
        'cats.service.ts': `import fs from 'node:fs';
export class Cats { find(name: string) { return fs.readFileSync(name); } }`,
      },
      'path-traversal cats.service.ts:2',
    ],
    [
      'what a function gives back',
      {
        'a.js': `const { pathOf } = require('./paths');
const fs = require('fs');
app.get('/x', (req, res) => fs.readFile(pathOf(req.query.name), res));`,
        'paths.js': `module.exports = { pathOf(name) { return '/data/' + name; } };`,
      },
      'path-traversal a.js:3',
    ],
    [
      'a route handler',
      {
        'a.js': `const handlers = require('./handlers');
const app = require('express')();
app.get('/x', handlers.show);`,
        'handlers.js': `const fs = require('fs');
exports.show = (input, output) => fs.readFile(input.query.name, output);`,
      },
      'path-traversal handlers.js:2',
    ],
    [
      'a promise made by a helper',
      {
        'a.js': `const run = (url) => new Promise((done) => fetch(url).then(done));
app.get('/x', (req, res) => run(req.query.url));`,
      },
      'ssrf a.js:1',
    ],
  ])('are followed through %s', (_, files, expected) => {
    expect(found(files)).toEqual([expected]);
  });

  it.each<[string, Files]>([
    [
      'the other file makes the value harmless',
      {
        'a.js': ROUTE,
        'load.js': LOAD.replace(
          "const fs = require('fs');",
          (text) => `${text} const path = require('path');`,
        ).replace('+ name', '+ path.basename(name)'),
      },
    ],
    [
      'only constants are passed',
      { 'a.js': ROUTE.replace('req.query.name', "'a'"), 'load.js': LOAD },
    ],
    ['the file is another one', { 'a.js': ROUTE.replace('./load', './other'), 'load.js': LOAD }],
  ])('are none where %s', (_, files) => {
    expect(found(files)).toEqual([]);
  });

  it('show their way through both files', () => {
    const { findings } = analyzeSecurity(
      new Map([
        ['a.js', ROUTE],
        ['load.js', LOAD],
      ]),
    );
    expect(new Set(findings[0]?.trace.map(({ file }) => file))).toEqual(
      new Set(['a.js', 'load.js']),
    );
  });

  it('end where files call each other in a circle', () => {
    const a = `const b = require('./b'); exports.f = (x) => b.g(x); exports.h = (req) => b.g(req.query.x);`;
    const b = `const a = require('./a'); exports.g = (x) => a.f(x);`;
    expect(found({ 'a.js': a, 'b.js': b })).toEqual([]);
  });

  it('do not depend on the order of files', () => {
    const files: [string, string][] = [
      ['a.js', ROUTE],
      ['load.js', LOAD],
      ['b.js', ROUTE],
    ];
    const report = analyzeSecurity(new Map(files));
    expect(analyzeSecurity(new Map(files.toReversed()))).toEqual(report);
  });
});

describe('ImportGraph', () => {
  const graph = (files: Files): ImportGraph => new ImportGraph((file) => files[file]);

  it('finds what a file reaches, whatever form the import has', () => {
    const files = {
      'src/a.ts': `import b from './b.js'; export * from "../c"; const d = await import('./d');`,
      'src/b.ts': `require( './e/' )`,
      'c.js': '',
      'src/d.tsx': '',
      'src/e/index.js': '',
      'src/f.js': '',
    };
    expect(graph(files).reachable('src/a.ts')).toEqual([
      'src/b.ts',
      'c.js',
      'src/d.tsx',
      'src/e/index.js',
    ]);
  });

  it('does not leave the project', () => {
    expect(graph({ 'a.js': `require('../../b')`, 'b.js': '' }).reachable('a.js')).toEqual([]);
  });
});
