import type { SpecFeature } from './features.js';
import type { Database, ProjectSpec } from './project-spec.js';
import type { ResourceView } from './resource-view.js';

/**
 * One unit of a blueprint: the files it adds, and the text it puts into files of other parts.
 *
 * `folder` holds `templates/files`, laid out as in the project; `templates/each-resource`, the same once for every
 * resource, where a form of its name in brackets is part of a path (`app/[snakePlural]/models.py.eta`); and
 * `templates/insertions`, a file for each insertion point it fills. A name that ends in `.eta` is a template, and
 * left out where it renders to nothing; a name that starts with `dot-` gets a dot.
 */
export interface Part {
  folder: URL;
  appliesTo(spec: ProjectSpec): boolean;
  /** Packages it uses at run time; their versions come from the toolchain's pinned list. */
  dependencies: string[];
  /** Packages with types of those, which only the compiler uses. */
  typeDependencies?: string[];
  /** Packages that only its tests use. */
  testDependencies: string[];
}

/** Everything that the engine knows about one framework. */
export interface Blueprint {
  /** The first is used where nothing is said. */
  databases: readonly Database[];
  /** The optional features it has, beside those that every project has. */
  features: readonly SpecFeature[];
  /** In the order in which their insertions appear. */
  parts: Part[];
  /** Values for the templates, beside the insertions. */
  valuesFor(spec: ProjectSpec, parts: Part[], resources: ResourceView[]): Record<string, unknown>;
  /** What templates see of the resources as `it.resources`, and each of them as `it.resource`; absent: the views. */
  describeResources?(views: ResourceView[], spec: ProjectSpec): ResourceView[];
  /** Whether a file is left out of a project without tests. */
  isTest(path: string): boolean;
  /** Joins what several parts insert into one import block; absent: `format` does. */
  mergeImports?(text: string): string;
  /** Lays out a finished file as the framework's formatter wants it; absent: as the templates have it. */
  format?(path: string, text: string): string;
}
