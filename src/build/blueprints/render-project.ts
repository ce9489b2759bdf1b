import type { Blueprint, Part } from './blueprint.js';
import { expressBlueprint } from './express/express.blueprint.js';
import { fastapiBlueprint } from './fastapi/fastapi.blueprint.js';
import { nestjsBlueprint } from './nestjs/nestjs.blueprint.js';
import type { Framework, ProjectSpec } from './project-spec.js';
import { readTemplates } from './template-folder.js';

const BLUEPRINTS: Record<Framework, Blueprint> = {
  fastapi: fastapiBlueprint,
  express: expressBlueprint,
  nestjs: nestjsBlueprint,
};

/**
 * Writes the project of a specification: path -> content, sorted by path.
 *
 * Depends on the specification's framework, database, features, tests and name only; the same specification gives
 * the same bytes.
 * @throws when two parts own one path, or an insertion has no file that asks for it.
 */
export function renderProject(spec: ProjectSpec): Map<string, Buffer> {
  const blueprint = BLUEPRINTS[spec.framework];
  const parts = blueprint.parts.filter((part) => part.appliesTo(spec));
  const values = blueprint.valuesFor(spec, parts);
  const insertions = new Insertions(parts, values);
  const context = { ...values, ...insertions.asTemplateFunctions(blueprint.mergeImports) };

  const files = new Map<string, Buffer>();
  for (const template of parts.flatMap((part) => readTemplates(filesOf(part)))) {
    if (files.has(template.name)) {
      throw new Error(`Two parts own ${template.name}`);
    }
    const text = template.render(context);
    if (text !== null) {
      files.set(template.name, Buffer.from(text));
    }
  }
  insertions.refuseUnused();
  return new Map(
    [...files]
      .filter(([path]) => spec.includeTests || !blueprint.isTest(path))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What the parts put into shared files, by insertion point. */
class Insertions {
  private readonly texts = new Map<string, string[]>();
  private readonly used = new Set<string>();

  constructor(parts: Part[], values: Record<string, unknown>) {
    for (const template of parts.flatMap((part) => readTemplates(insertionsOf(part)))) {
      const text = template.render(values);
      if (text !== null) {
        this.texts.set(template.name, [...(this.texts.get(template.name) ?? []), text]);
      }
    }
  }

  asTemplateFunctions(mergeImports: (text: string) => string) {
    return {
      /** Whether any part fills this point. */
      has: (point: string) => this.texts.has(point),
      /** The parts' texts, one after the other. */
      insert: (point: string) => this.take(point),
      /** The parts' imports as one sorted block. */
      insertImports: (point: string) => mergeImports(this.take(point)),
      /** The parts' lines, each once, on the line where they are asked for. */
      insertInline: (point: string, separator: string) =>
        [...new Set(this.take(point).trim().split('\n'))].join(separator),
    };
  }

  refuseUnused(): void {
    const unused = [...this.texts.keys()].filter((point) => !this.used.has(point));
    if (unused.length > 0) {
      throw new Error(`No file has the insertion points ${unused.join(', ')}`);
    }
  }

  private take(point: string): string {
    this.used.add(point);
    return (this.texts.get(point) ?? []).join('');
  }
}

function filesOf(part: Part): URL {
  return new URL('templates/files/', part.folder);
}

function insertionsOf(part: Part): URL {
  return new URL('templates/insertions/', part.folder);
}
