import { checkTree } from './check-tree.js';

const STRICT = '{ "compilerOptions": { "strict": true } }';

const DECORATED = '{ "compilerOptions": { "strict": true, "experimentalDecorators": true } }';

type Cases = readonly (readonly [what: string, text: string, ...rest: unknown[]])[];
type Case = readonly [what: string, text: string, code: number];

const FLAWED: readonly Case[] = [
  ['an assignment', `export const n: number = 'one';`, 2322],
  ['an argument', `function f(n: number) { return n; }\nf('one');`, 2345],
  ['too few arguments', `function f(n: number) { return n; }\nf();`, 2554],
  ['a missing member', `export const n = 'text'.lenght;`, 2551],
  ['a misspelt name', `const total = 1;\nexport const n = totl;`, 2552],
  ['what may be undefined', `export const f = (s?: string) => s.length;`, 18048],
  ['what may be null', `export const f = (s: string | null) => s.trim();`, 18047],
  ['a return', `export function f(): number { return 'one'; }`, 2322],
  ['a path without return', `export function f(n: number): number { if (n) { return 1; } }`, 2366],
  ['a missing property', `export const p: { a: number; b: number } = { a: 1 };`, 2741],
  ['an unknown property', `export const p: { a: number } = { a: 1, b: 2 };`, 2353],
  ['an operator', `export const n = {} * 2;`, 2362],
  ['a comparison', `export const f = (x: 'a' | 'b') => x === 'c';`, 2367],
  ['a call of no function', `const n = 1;\nn();`, 2349],
  ['a promise as condition', `const p = async () => 1;\nif (p()) { p; }`, 2801],
  ['a broken contract', `interface A { a(): void }\nexport class B implements A {}`, 2420],
  ['a private member', `class A { private a = 1; }\nexport const n = new A().a;`, 2341],
  ['a constant', `const a = 1;\na = 2;`, 2588],
  ['what was caught', `try { f(); } catch (e) { e.message; }\nfunction f() {}`, 18046],
];

const INCOMPLETE: readonly (readonly [what: string, text: string])[] = [
  ['a named import', `import { f, T } from 'gone';\nexport const x: T<string> = f<T>(1).y.z();`],
  ['a type import', `import type { T } from 'gone';\nexport const f = (x: T): T['a'] => x.a.b;`],
  ['a default import', `import a from 'gone';\nexport const b: a.B<1> = a.c(new a.D());`],
  [
    'a namespace',
    `import * as z from 'gone';\nexport type T = z.infer<typeof s>;\nconst s = z.enum([1]);`,
  ],
  ['a called namespace', `import * as express from 'express';\nexport const app = express();`],
  ['import =', `import express = require('express');\nexport const app: express.App = express();`],
  ['a dynamic import', `export const f = async () => (await import('gone')).a.b();`],
  ['an import type', `export const f = (x: import('gone').A.B<1>) => x.y;`],
  [
    'a base class',
    `import { A } from 'gone';\nexport class B extends A<B> { c() { return this.d.e; } }`,
  ],
  [
    'a base interface',
    `import * as R from 'gone';\nexport interface P extends R.Q<1> { a: 1 }\nexport const f = (p: P) => p.b;`,
  ],
  [
    'a mixin',
    `import { Pick } from 'gone';\nclass A { a = 1; b = 2; }\nclass B extends Pick(A) {}\nexport const a: A = { ...new B(), b: 1 };`,
  ],
  [
    'an augmentation',
    `import { R } from 'gone';\ndeclare module 'gone' { interface R { user: string } }\nexport const f = (r: R) => r.user + r.body.x;`,
  ],
  [
    'decorators',
    `import { D, P } from 'gone';\n@D({ a: 1 })\nexport class A { constructor(private readonly b: P) {} @D() c() { return this.b.d; } }`,
  ],
  [
    'type inference',
    `import { S } from 'gone';\nfunction parse<T>(s: S<T>): T { return s.p(); }\nexport const n = parse(new S()).a.b;`,
  ],
  [
    'a bound',
    `import type { Z } from 'gone';\nexport function f<S extends Z>(s: S) { return s.parse(1); }`,
  ],
  [
    'instanceof',
    `import { E } from 'gone';\nexport const f = (e: unknown) => (e instanceof E ? e.status : 1);`,
  ],
  [
    'a guard',
    `import { isA } from 'gone';\nexport const f = (x: string | null) => { if (isA(x)) { return x.length; } return 0; };`,
  ],
  ['an untyped callback', `import { f } from 'gone';\nf((a, b) => a + b);`],
  [
    'JSON and styles',
    `import data from './data.json';\nimport s from './s.module.css';\nexport const a = data.b + s.c;`,
  ],
  [
    'Node',
    `import { readFileSync } from 'node:fs';\nsetTimeout(() => 1, 5).unref();\nexport const t: NodeJS.Timeout = process.env.A ?? Buffer.from(readFileSync(__filename)); require('x').y; console.log(new URL(import.meta.url));`,
  ],
  [
    'a field in Angular',
    `import { C } from '@angular/core';\nexport class A { b = this.c.d(); constructor(private c: C) {} }`,
  ],
  [
    'a bound made of what is missing',
    `import type { U } from 'gone';\nexport function f<T extends Partial<U>>(t: T) { return t.name; }`,
  ],
  [
    'a guard of a member',
    `import { isNumber } from 'gone';\nexport class A { v: string | number = 1; f() { return isNumber(this.v) ? Math.abs(this.v) : 0; } g() { if (isNumber(this.v)) { return Math.abs(this.v); } return 0; } }`,
  ],
  ['a global namespace', `export const f = (a: Express.Multer.File) => a.buffer;`],
  ['tests', `describe('a', () => { it('b', () => expect(jest.fn()).toBe(1)); });`],
  [
    'the browser',
    `export const f = (e: HTMLElement) => document.querySelector('a').closest(e.id, window.x);`,
  ],
  [
    'an equality of types',
    `import { z } from 'gone';\nconst s = z.string();\ntype Eq<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;\nfunction eq<A, B>(x: Eq<A, B>) { return x; }\neq<z.infer<typeof s>, string>(true);\ntype Out = { a: z.infer<typeof s> };\nexport const e: Eq<Out, { a: string }> = true;\ntype Expect<T extends true> = T;\nexport type C = [Expect<Eq<Out, { a: string }>>];`,
  ],
  [
    'a choice by its type',
    `import type { K } from 'gone';\nexport function f(k: K): string { switch (k) { case 'a': return 'x'; case 'b': return 'y'; } }\nconst names: Partial<Record<string, string>> = {};\nexport const g = (k: K, is: boolean): { a: string } => { const a = is ? names[k] : 'b'; return { a }; };\nexport const h = (k: K, is: boolean): { a: string } => ({ a: is ? names[k] : 'b' });`,
  ],
  [
    'what is spread',
    `import type { B } from 'gone';\ninterface A extends B { a: 1 }\nexport const f = (all: A[]) => { const more = all.map((one) => ({ ...one, b: 2 })); return [more.filter((m) => m.c), more.map(({ d }) => d)]; };`,
  ],
  [
    'a part of a type',
    `import type { R } from 'gone';\ntype Part = Pick<R, 'a' | 'b'>;\nexport const p: Part = { a: 1 };\nexport function f(): Pick<R, 'a' | 'b'> { if (p) { return {}; } return { b: 1 }; }\nexport const g = (): Part => ({ a: 1 });`,
  ],
  [
    'an interface that it is added to',
    `import * as z from 'gone';\nimport type { Z } from 'gone';\ndeclare module 'gone' { interface Z { own(): string } }\nexport const f = (x: z.Z<string>, y: Z) => x.parse(1) + y.own() + y.other;`,
  ],
  [
    'a function that ends it',
    `import { expect } from 'gone';\nexport function f(r: { ok: true; error?: undefined } | { ok: false; error: Error }) { if (r.ok) expect.unreachable(); return r.error.message; }`,
  ],
  [
    'reflect-metadata',
    `Reflect.defineMetadata('a', 1, {}); export const b = Reflect.getMetadata('a', {});`,
  ],
];

/** `file:line code` of what is found. */
function errorsOf(files: Record<string, string>): string[] {
  const tree = new Map(Object.entries({ 'tsconfig.json': STRICT, ...files }));
  return [...checkTree(tree)].flatMap(({ errors }) =>
    errors.map(({ file, line, code }) => `${file}:${line} ${code}`),
  );
}

function skippedOf(files: Record<string, string>): [string, string | null][] {
  return [...checkTree(new Map(Object.entries(files)))].map(({ file, skipped }) => [file, skipped]);
}

/** All in one tree, each in a file of its own with a missing package of its own. */
const checked = new Map<Cases, string[]>();

function errorsIn(cases: Cases, what: string): string[] {
  const name = (index: number) => `case-${index}.ts`;
  const known =
    checked.get(cases) ??
    errorsOf({
      'tsconfig.json': DECORATED,
      ...Object.fromEntries(
        cases.map(([, text], index) => [name(index), text.replaceAll("'gone'", `'gone-${index}'`)]),
      ),
    });
  checked.set(cases, known);
  const file = name(cases.findIndex(([each]) => each === what));
  return known.filter((error) => error.startsWith(`${file}:`));
}

describe(checkTree, () => {
  it.each(FLAWED)('finds %s', (what, _, code) => {
    expect(errorsIn(FLAWED, what)).toEqual([expect.stringMatching(new RegExp(` ${code}$`))]);
  });

  it('finds what one file gets wrong of another', () => {
    const found = errorsOf({
      'src/a.ts': 'export const add = (a: number, b: number) => a + b;',
      'src/b.ts': `import { add, sub } from './a.js';\nexport const n = add('1', 2);`,
    });
    expect(found).toEqual(['src/b.ts:1 2305', 'src/b.ts:2 2345']);
  });

  it.each(INCOMPLETE)('finds nothing where %s needs what is not here', (what) => {
    expect(errorsIn(INCOMPLETE, what)).toEqual([]);
  });

  it('knows what CommonJS exports', () => {
    const found = errorsOf({
      'jsconfig.json': '{ "compilerOptions": { "checkJs": true } }',
      'tsconfig.json': '{ "compilerOptions": { "checkJs": true } }',
      'a.js': `var own = (module.exports = { clone: require('gone'), size: 1 });\nown.size = 2;`,
      'process.js': `const { process } = require('gone-too');\nmodule.exports = process;`,
      'b.js': `if (process.argv[2]) { process.exit(1); }\nexports.twice = function (n) { return n * 2; };`,
      'c.js': `const a = require('./a');\nconst { twice } = require('./b');\na.clone(twice(a.size));\n'a'.lenght;`,
    });
    expect(found).toEqual(['c.js:4 2551']);
  });

  it('takes what the project declares for all files for a part of it', () => {
    const text = `declare global { namespace NodeJS { interface ProcessEnv { A: string } } interface Window { a: 1 } }\nexport const a: NodeJS.ProcessEnv = process.env;\nexport const b = (w: Window, t: NodeJS.Timeout) => [w.a, w.document, t];`;
    expect(errorsOf({ 'a.ts': text })).toEqual([]);
  });

  it('finds nothing in what is exported from a missing package, through a file of the tree', () => {
    const found = errorsOf({
      'index.ts': `export * from 'gone';\nexport const own = 1;`,
      'a.ts': `import { A, own } from './index';\nexport class B extends A { c = this.d + own; }`,
    });
    expect(found).toEqual([]);
  });

  it('keeps scripts apart, and lets them use each other', () => {
    const found = errorsOf({
      'a.ts': `function main() { return 1; }\nconst shared = 'a';\nmain();`,
      'b.ts': `function main(n: number) { return n; }\nmain('1');\nshared.trim();`,
    });
    expect(found).toEqual(['b.ts:2 2345']);
  });

  it('checks components, with their children and keys', () => {
    const found = errorsOf({
      'a.tsx': `import { useState, type FC } from 'react';
interface Props { title: string; children?: React.ReactNode }
const Card = ({ title, children }: Props) => <div className={title}>{children}</div>;
export const Page: FC<Props> = () => { const [a] = useState(1); return <Card key={a} title="x"><b>{a}</b></Card>; };
export const Wrong = () => <Card title={5} />;`,
    });
    expect(found).toEqual(['a.tsx:5 2322']);
  });

  it('checks JavaScript only where it asks for it', () => {
    const wrong = `const n = 1;\nn();`;
    expect(errorsOf({ 'a.js': wrong, 'b.js': `// @ts-check\n${wrong}` })).toEqual(['b.js:3 2349']);
    expect(skippedOf({ 'a.js': wrong })).toEqual([
      ['a.js', 'JavaScript that asks for no type checks'],
    ]);
  });

  it('leaves out files with syntax errors', () => {
    expect(skippedOf({ 'a.ts': 'const a: = 5;', 'b.ts': 'export {};' })).toEqual([
      ['a.ts', 'Syntax errors'],
      ['b.ts', null],
    ]);
  });

  it('takes each file by its nearest configuration', () => {
    const text = 'export const f = (s?: string) => s.length;';
    const found = errorsOf({
      'tsconfig.json': '{ "compilerOptions": { "strict": false } }',
      'a.ts': text,
      'packages/b/tsconfig.json': STRICT,
      'packages/b/src/b.ts': text,
    });
    expect(found).toEqual(['packages/b/src/b.ts:1 18048']);
  });

  it.each([
    ['exports', '{ "name": "own", "exports": { "./v3": { "types": "./dist/v3/index.d.ts" } } }'],
    ['folders', '{ "name": "own", "main": "./lib/index.js" }'],
  ])('follows the name of a package of its own to the sources by %s', (_, manifest) => {
    const found = errorsOf({
      'package.json': manifest,
      'src/v3/index.ts': 'export const add = (a: number) => a;',
      'test/a.ts': `import { add } from 'own/v3';\nimport { x } from 'own/gone';\nadd('1');\nx.y;`,
    });
    expect(found).toEqual(['test/a.ts:3 2345']);
  });

  it('follows the names of all packages of the tree, patterns included', () => {
    const found = errorsOf({
      'packages/a/package.json':
        '{ "name": "@o/a", "main": "dist/index.js", "exports": { ".": "./dist/index.js", "./*": "./dist/*.js" } }',
      'packages/a/src/index.ts': 'export const one = 1;',
      'packages/a/src/two.ts': 'export const two = 2;',
      'packages/b/src/b.ts': `import { one } from '@o/a';\nimport { two } from '@o/a/two';\nexport const s: string = one;\nexport const t: string = two;`,
    });
    expect(found).toEqual(['packages/b/src/b.ts:3 2322', 'packages/b/src/b.ts:4 2322']);
  });

  it('is not led outside by what a package says it exports', () => {
    const found = errorsOf({
      'package.json':
        '{ "name": "own", "exports": { ".": "../../../etc/passwd", "./a": [null, 5, {}] } }',
      'a.ts': `import x from 'own';\nimport y from 'own/a';\nimport z from 'own/../../b';\nx.a + y.b + z.c;`,
    });
    expect(found).toEqual([]);
  });

  it('follows paths inside the tree, and no other', () => {
    const found = errorsOf({
      'tsconfig.json': `{ "compilerOptions": { "strict": true, "paths": {
        "@/*": ["./src/*"], "secret": ["../../../etc/passwd"], "*": ["/etc/*"] } } }`,
      'src/a.ts': 'export const a = 1;',
      'src/b.ts': `import { a } from '@/a';\nimport s from 'secret';\nexport const b: string = a; s.x;`,
    });
    expect(found).toEqual(['src/b.ts:3 2322']);
  });

  it.each([
    '{ "extends": "/etc/passwd" }',
    '{ "extends": "../../../../etc/hostname" }',
    '{ "extends": "./tsconfig.json" }',
    '{ "extends": ["./a", "./b", 5] }',
    '{ "compilerOptions": { "types": ["/etc/x"], "plugins": [{ "name": "/tmp/x.js" }], "typeRoots": ["/"] } }',
    '{ "compilerOptions": { "lib": ["../../../etc/passwd", "nothing", 5], "baseUrl": "/etc", "paths": { "**": ["**"] } } }',
    '{ "references": [{ "path": "/etc" }, 5], "files": [] }',
    '{ "compilerOptions": "x", "paths": 5',
    '[]',
    'null',
  ])('is not led astray by %s', (config) => {
    const files = { 'tsconfig.json': config, 'a.ts': 'export const n: number = "one";' };
    expect(errorsOf(files)).toEqual(['a.ts:1 2322']);
  });

  it('heeds what two files add to one interface, at its module and where it is exported again', () => {
    const files = {
      'a/plugin/index.ts': `import type {} from '../..';\ndeclare module '../..' { interface Known { plugin: string } }\nexport {};`,
      'a/plugin/use.ts': `import './index';\nimport { get } from '../..';\nexport const text: string = get('plugin');`,
      'context.ts': `export interface Known { own: number }\nexport const get = <K extends keyof Known>(key: K): Known[K] => ({}) as never;`,
      'context.test.ts': `import { get } from './context';\ndeclare module './context' { interface Known { test: string } }\nexport const n: number = get('own');\nexport const t: string = get('test');`,
      'index.ts': `export type { Known } from './context';\nexport { get } from './context';`,
    };
    expect(errorsOf(files)).toEqual([]);
  });

  it('reads nothing outside by references and imports', () => {
    const text = `/// <reference path="/etc/hostname" />\n/// <reference types="node" />
import '/etc/passwd';\nimport x from '../../../../etc/hosts';\nexport const n: number = x;`;
    expect(errorsOf({ 'a.ts': text })).toEqual([]);
  });
});
