import { blueprintOf } from './all-blueprints.js';
import type { Part } from './blueprint.js';
import type { ProjectSpec } from './project-spec.js';
import { viewsOf, type ResourceView } from './resource-view.js';
import { readTemplates, type Template } from './template-folder.js';

/**
 * Writes the project of a specification: path -> content, sorted by path.
 *
 * Depends on the specification without its notes only; the same specification gives the same bytes.
 * @throws when two parts own one path, or an insertion has no file that asks for it.
 */
export function renderProject(spec: ProjectSpec): Map<string, Buffer> {
  const blueprint = blueprintOf(spec.framework);
  const parts = blueprint.parts.filter((part) => part.appliesTo(spec));
  const views = viewsOf(spec);
  const resources = blueprint.describeResources?.(views, spec) ?? views;
  const values = { ...blueprint.valuesFor(spec, parts, resources), resources };
  const insertions = new Insertions(parts, values);
  const shared = { ...values, ...insertions.asTemplateFunctions(blueprint.mergeImports ?? String) };

  const files = new Map<string, Buffer>();
  const isWanted = (path: string) => spec.includeTests || !blueprint.isTest(path);
  const add = (path: string, template: Template, context: Record<string, unknown>) => {
    const text = template.render(context);
    if (files.has(path)) {
      throw new Error(`Two parts own ${path}`);
    }
    if (text !== null && isWanted(path)) {
      // What is the same for everybody lies in the folder as it should be.
      const finished = template.isStatic ? text : blueprint.format?.(path, text);
      files.set(path, Buffer.from(finished ?? text));
    }
  };
  for (const part of parts) {
    for (const template of readTemplates(filesOf(part))) {
      add(template.name, template, shared);
    }
    for (const template of readTemplates(eachResourceOf(part))) {
      for (const resource of resources) {
        add(pathFor(template, resource), template, { ...shared, resource });
      }
    }
  }
  insertions.refuseUnused();
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Reads a part's templates, which stay in memory. */
export function templatesOf(part: Part): readonly Template[] {
  return [filesOf(part), eachResourceOf(part), insertionsOf(part)].flatMap(readTemplates);
}

/** `app/[snakePlural]/models.py` -> `app/orders/models.py` */
function pathFor(template: Template, resource: ResourceView): string {
  const forms = new Map<string, unknown>(Object.entries({ ...resource, ...resource.names }));
  return template.name.replace(/\[(\w+)\]/g, (_, form: string) => {
    const text = forms.get(form);
    if (typeof text !== 'string') {
      throw new Error(`${template.name}: a resource has no ${form}`);
    }
    return text;
  });
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

function eachResourceOf(part: Part): URL {
  return new URL('templates/each-resource/', part.folder);
}

function insertionsOf(part: Part): URL {
  return new URL('templates/insertions/', part.folder);
}
