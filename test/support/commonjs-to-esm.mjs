/**
 * A Jest transform for packages that are CommonJS and require Nest, which is ES modules only: Node 20 can do that, Jest on
 * Node 20 can't. Makes an ES module of what TypeScript emitted, without a change to what it does.
 */
export default {
  process: (source) => ({ code: toEsm(source) }),
};

function toEsm(source) {
  const starred = [...source.matchAll(/^__exportStar\(require\("([^"]+)"\), exports\);$/gm)];
  const body = source.replace(/^__exportStar\(.*$/gm, '');
  const required = namesIn(body, /\brequire\("([^"]+)"\)/g);
  const exported = namesIn(body, /^exports\.(\w+) = |Object\.defineProperty\(exports, "(\w+)"/gm);
  exported.delete('__esModule');
  return [
    'export {};', // the first thing that CommonJS can't parse: so Jest knows
    ...[...required].map((name, index) => `import * as required${index} from '${name}';`),
    ...starred.map(([, name]) => `export * from '${name}';`),
    `const modules = { ${[...required].map((name, index) => `'${name}': required${index}`).join(', ')} };`,
    'const require = (name) => modules[name];',
    'const exports = {};',
    body,
    ...[...exported].flatMap((name, index) => [
      `const exported${index} = exports.${name};`,
      `export { exported${index} as ${name} };`,
    ]),
  ].join('\n');
}

function namesIn(source, pattern) {
  return new Set([...source.matchAll(pattern)].map((match) => match[1] ?? match[2]));
}
