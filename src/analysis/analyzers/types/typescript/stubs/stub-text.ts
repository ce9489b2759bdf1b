import type { NameTree } from './import-usage.js';

/** So that the stub of a generic type takes as many arguments as anybody gives it. */
const PARAMETERS = `<${Array.from({ length: 12 }, (_, index) => `T${index} = any`).join(', ')}>`;
const MAX_NAMES = 5_000;
/** Of names below names. */
const MAX_DEPTH = 8;

/**
 * The declarations of a module that isn't here: every name that is asked of it is there, and is `any` as a value, as a
 * type and as what is extended. Being `any`, and not unknown, it causes no errors further on.
 *
 * @param augmented Names that the project adds to: those must be interfaces, or there would be two of them.
 */
export function namesStub(names: NameTree, augmented: ReadonlySet<string>): string {
  const text = new StubText();
  for (const [name, below] of names) {
    if (name !== 'default') {
      text.addName(name, below, augmented.has(name));
    }
  }
  for (const name of augmented) {
    if (!names.has(name)) {
      text.addName(name, new Map(), true);
    }
  }
  const id = text.declare(names.get('default') ?? new Map(), false);
  return `${text.lines.join('\n')}\nexport default ${id};\n`;
}

/** The same of a module that is used as one value. */
export function wholeStub(names: NameTree): string {
  const text = new StubText();
  const id = text.declare(names, false);
  return `${text.lines.join('\n')}\nexport = ${id};\n`;
}

/** Declarations for all files: of the globals that packages and runtimes bring. */
export function globalsStub(names: NameTree, declared: NameTree): string {
  const lines = [ALWAYS];
  for (const [name, below] of names) {
    const own = declared.get(name);
    if (own === undefined) {
      lines.push(`declare var ${name}: any;`, `type ${name}${PARAMETERS} = any;`);
    } else if (own.size === 0) {
      // If it is an interface, it is one more part of it; if not, that is an error that doesn't count.
      lines.push(`interface ${name} extends $any {}`);
    }
    const missing = [...below].filter(([inner]) => !own?.has(inner));
    const types = typesOf(new Map(missing), 0);
    const partly = [...below.keys()].filter((inner) => own?.has(inner) && isName(inner));
    const interfaces = partly.map((inner) => `  interface ${inner} extends $any {}`);
    if (types.length + interfaces.length > 0) {
      lines.push(`declare namespace ${name} {`, ...types, ...interfaces, '}');
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Of a namespace: each name as a type, and with names below it as a namespace too (`Express.Multer.File`). */
function typesOf(names: NameTree, depth: number): string[] {
  return [...names]
    .filter(([name]) => isName(name))
    .flatMap(([name, below]) => [
      `type ${name}${PARAMETERS} = any;`,
      ...(below.size > 0 && depth < MAX_DEPTH
        ? [`namespace ${name} {`, ...typesOf(below, depth + 1), '}']
        : []),
    ]);
}

/** What runtimes and `reflect-metadata` add to names of the language itself. */
const ALWAYS = `type $any = any;
interface ImportMeta { [name: string]: any }
interface ErrorConstructor { captureStackTrace: any; stackTraceLimit: any }
declare namespace Reflect {
  const decorate: any, metadata: any, defineMetadata: any, deleteMetadata: any;
  const hasMetadata: any, hasOwnMetadata: any, getMetadata: any, getOwnMetadata: any;
  const getMetadataKeys: any, getOwnMetadataKeys: any;
}`;

/** What JSX needs where no package declares it: elements of any name, and `key` and `ref` on all. */
export const JSX_NAMESPACE = `namespace JSX {
  type Element = any;
  type ElementType = any;
  interface ElementClass { [name: string]: any }
  interface ElementAttributesProperty { props: {} }
  interface ElementChildrenAttribute { children: {} }
  interface IntrinsicAttributes { [name: string]: any }
  interface IntrinsicClassAttributes<T> { [name: string]: any }
  interface IntrinsicElements { [name: string]: any }
}
`;

class StubText {
  readonly lines = ['type $any = any;'];
  private count = 0;

  addName(name: string, below: NameTree, isAugmented: boolean): void {
    if (this.count > MAX_NAMES || !isName(name)) {
      return;
    }
    if (isAugmented) {
      // Under its own name: that is how the project's part finds it.
      this.lines.push(
        `export interface ${name}${PARAMETERS} extends $any {}`,
        `export declare const ${name}: any;`,
      );
      return;
    }
    this.lines.push(`export { ${this.declare(below, false)} as ${name} };`);
  }

  /** Under a name of ours, as a word such as `enum` can be exported but not declared. */
  declare(below: NameTree, isInside: boolean): string {
    this.count += 1;
    const id = `$${this.count}`;
    const keyword = isInside ? '' : 'declare ';
    if (!isInside) {
      this.lines.push(`declare const ${id}: any;`);
    }
    this.lines.push(`${keyword}type ${id}${PARAMETERS} = any;`);
    const inner = [...below].filter(([name]) => isName(name) && this.count < MAX_NAMES);
    if (inner.length > 0) {
      this.lines.push(`${keyword}namespace ${id} {`);
      for (const [name, deeper] of inner) {
        this.lines.push(`export { ${this.declare(deeper, true)} as ${name} };`);
      }
      this.lines.push('}');
    }
    return id;
  }
}

function isName(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);
}
